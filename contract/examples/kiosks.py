"""Kiosks and the county: keys, enrolment, journal, figures."""

from __future__ import annotations

from contract.codes import KioskState
from contract.enrolment import KioskEnrolment, KioskStanding, KnownKiosk, KnownKiosks, NewKeys
from contract.examples.invented import BASE64, KEY, NOW, TOWN, YESTERDAY
from contract.journal import JournalHead, JournalStanding
from contract.key_list import DocumentKey, KeyList, KioskKey, SealingKey
from contract.message import Message
from contract.staff_work import Count, DayFigures

KNOWN_KIOSK = KnownKiosk(
    fingerprint="4821-0937-5516-2204", name="yunlong-1", site=TOWN, state=KioskState.PENDING, version="0.4.0",
    enrolled_at=NOW,
)  # fmt: skip

EXAMPLES: tuple[Message, ...] = (
    KeyList(
        sealing=SealingKey(key_id="k-2026-11", public_key=KEY),
        issuer="示例县人力资源和社会保障局",
        issued_at=NOW,
        documents=(DocumentKey(key_id="5f2d1c0b77aa90e4", public_key=KEY, since=NOW.replace(month=1)),),
        kiosks=(KioskKey(key_id="5f2d1c0b" * 4, name="yunlong-1", site=TOWN, public_key=KEY, since=NOW),),
    ),
    KioskEnrolment(name="yunlong-1", site=TOWN, signing_key=KEY, receiving_key=KEY, version="0.1.0"),
    KioskStanding(key_id="5f2d1c0b" * 4, fingerprint="4821-0937-5516-2204", state=KioskState.PENDING),
    NewKeys(signing_key=KEY, receiving_key=KEY, possession=BASE64),
    KNOWN_KIOSK,
    KnownKiosks(kiosks=(KNOWN_KIOSK,)),
    JournalHead(number=1204, digest="3f9a02bc77d190ab" * 4, at=NOW),
    JournalStanding(newest=JournalHead(number=1204, digest="3f9a02bc77d190ab" * 4, at=NOW), contradicted=False),
    DayFigures(day=YESTERDAY, site=TOWN, counts=(Count(service="insurance_query", what="service_opened", number=17),)),
)
