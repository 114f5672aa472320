"""The invented town (reproducible, nobody in it exists): ``invent(seed, today)`` and what simulators are told of it.

Pure: the same seed and day give the same town, to the byte. Every sample rate and amount says 示例值 where it is named.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import date
from random import Random

from contract.codes import StaffRole
from county.demo.courses import invented_courses
from county.demo.employers import invented_employers
from county.demo.named import named_residents
from county.demo.names import COUNTY
from county.demo.notices import invented_notices
from county.demo.policies import invented_policies
from county.demo.postings import invented_postings
from county.demo.residents import ordinary_residents
from county.demo.town import (
    CardStatus,
    DemoAccount,
    DemoCard,
    DemoFinger,
    DemoMonth,
    DemoParticipation,
    DemoPension,
    DemoResident,
    Town,
)

__all__ = [
    "CardStatus",
    "DemoAccount",
    "DemoCard",
    "DemoFinger",
    "DemoMonth",
    "DemoParticipation",
    "DemoPension",
    "DemoResident",
    "Town",
    "invent",
    "people_lines",
    "template_of",
]

TEMPLATE_HEAD = b"\x03\x01"
TEMPLATE_LENGTH = 512

ACCOUNTS = (
    DemoAccount("editor", "林编辑", (StaffRole.EDITOR,), (COUNTY,), "bianji-shili-2026"),
    DemoAccount("approver", "何审核", (StaffRole.APPROVER,), (COUNTY,), "shenhe-shili-2026"),
    DemoAccount("clerk", "唐窗口", (StaffRole.CLERK,), (COUNTY,), "chuangkou-shili-2026"),
    DemoAccount("administrator", "曾管理", (StaffRole.ADMINISTRATOR,), (COUNTY,), "guanli-shili-2026"),
)


def _stream(seed: int, subject: str) -> Random:
    """Chance of its own for each subject, so that a change in one leaves the others as they were."""
    return Random(f"{seed}/{subject}")  # noqa: S311 - invented people need reproducible chance, not secrecy


def invent(seed: int, today: date) -> Town:
    """The whole town as it stands on ``today``."""
    employers = invented_employers(_stream(seed, "employers"))
    units = [employer.name for employer in employers]
    named = named_residents(_stream(seed, "named"), today, units)
    return Town(
        residents=named + ordinary_residents(_stream(seed, "residents"), today, units),
        postings=invented_postings(_stream(seed, "postings"), today, employers),
        courses=invented_courses(_stream(seed, "courses"), today),
        policies=invented_policies(_stream(seed, "policies"), today),
        display_items=invented_notices(today),
        accounts=ACCOUNTS,
    )


def template_of(seed: str) -> bytes:
    """The 512-byte EF01 template of an invented finger: 03 01, then SHAKE-256 of "ef01 template", LF and the seed."""
    rest = hashlib.shake_256(f"ef01 template\n{seed}".encode()).digest(TEMPLATE_LENGTH - len(TEMPLATE_HEAD))
    return TEMPLATE_HEAD + rest


def _line(resident: DemoResident) -> str:
    card = resident.card
    return json.dumps(
        {
            "name": resident.name,
            "number": resident.number,
            "card_number": card.number,
            "card_version": card.version,
            "pin": card.pin,
            "special": resident.special,
            "card_status": card.status.value,
            "sex": resident.sex,
            "born_on": resident.born_on.isoformat(),
            "region": resident.region,
            "card": {
                "identification": card.identification,
                "issued": card.issued_on.isoformat(),
                "valid_until": card.valid_until.isoformat(),
                "ethnic_group": resident.ethnic_group,
            },
            "fingers": {enrolled.finger.value: enrolled.seed for enrolled in resident.fingers},
        },
        ensure_ascii=False,
    )


def people_lines(town: Town) -> Iterator[str]:
    """One JSON object a resident, without line ends, named residents first: for the dock and the simulators.

    name, number, card_number, card_version, pin, special, card_status, sex, born_on, region; "card": what else
    stands on the chip (identification, issued, valid_until, ethnic_group); "fingers": the seed of each enrolled one.
    """
    return (_line(resident) for resident in town.residents)
