"""The file of test persons for a hub that lives in the invented town."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from contract.conformance.persons import Account, Person, Persons
from contract.development import town_code
from county.demo import ACCOUNTS

PLAYS = {
    "李伟": "insured",
    "王秀英": "pensioner_due",
    "李𬱖": "rare_name",
    "古丽·买买提": "dotted_name",
    "马超": "lost_card",
    "朱琳": "cancelled_card",
    "胡小燕": "without_pension",
    "杨素珍": "at_counter",
}
"""Who plays whom: of the residents to remember (county/demo/named.py)."""
TURN = 9_000_000_000
"""Of the code in the file: no dock comes so far. A hub answers it once, as any code."""


def persons_of_the_town(lines: Iterable[str]) -> Persons:
    """The persons among ``lines`` as ``people_lines`` writes them: the first of each name."""
    cast: dict[str, Person] = {}
    for person in map(json.loads, lines):
        cast.setdefault(PLAYS.get(person["name"], ""), _person(person))
    cast.pop("", None)
    shows = cast.get("without_pension")
    code = town_code(shows.identification, TURN) if shows else None
    staff = {row.roles[0].value: Account(account=row.account, password=row.password) for row in ACCOUNTS}
    return Persons.model_validate(cast | staff | {"code": code})


def persons_file(lines: Iterable[str]) -> str:
    """The same as a JSON file; it holds passwords of invented staff."""
    return persons_of_the_town(lines).model_dump_json(indent=1, exclude_none=True)


def _person(told: dict[str, Any]) -> Person:
    return Person(
        name=told["name"],
        social_security_no=told["number"],
        card_number=told["card_number"],
        identification=told["card"]["identification"],
        card_version=told["card_version"],
    )
