"""The test persons and accounts that a county gives the kit: a TOML or JSON file, every entry optional."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from contract.conformance.keys import SITE


class PersonsError(ValueError):
    """A file of test persons that cannot be used; the message names file and entry."""


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Person(_Entry):
    """Somebody with a card, as the card says it."""

    name: str = Field(repr=False)
    social_security_no: str = Field(repr=False)
    card_number: str = Field(repr=False)
    identification: str = Field(repr=False)
    card_version: str = "2.00"


class Account(_Entry):
    """A staff account with one role."""

    account: str
    password: str = Field(repr=False)


class Persons(_Entry):
    """Who plays whom. A check that needs an entry which is not there is "not run".

    ``insured``: with contributions on record; ``pensioner_due``: to be verified now, fingers enrolled, verified by the
    kit; ``lost_card``, ``cancelled_card``: the card is reported so; ``at_counter``: verification only at the counter.
    ``clerk`` gets its own password set again. ``site``: a division code within the areas of all accounts.
    ``code``: of somebody's electronic card, fresh: it is good for one run.
    """

    site: str = Field(default=SITE, pattern=r"^\d{6}(\d{3}(\d{3})?)?$")

    insured: Person | None = None
    pensioner_due: Person | None = None
    rare_name: Person | None = None
    dotted_name: Person | None = None
    lost_card: Person | None = None
    cancelled_card: Person | None = None
    without_pension: Person | None = None
    at_counter: Person | None = None
    code: str | None = Field(default=None, repr=False)
    clerk: Account | None = None
    editor: Account | None = None
    approver: Account | None = None
    administrator: Account | None = None

    def private(self) -> Iterator[str]:
        """What must not stand in a report: numbers, cards, passwords."""
        for entry in (getattr(self, name) for name in type(self).model_fields):
            match entry:
                case Person():
                    yield from (entry.social_security_no, entry.card_number, entry.identification)
                case Account():
                    yield entry.password
        if self.code is not None:
            yield self.code


def load_persons(file: Path) -> Persons:
    """The persons in ``file`` (``.json``, TOML otherwise); PersonsError."""
    try:
        text = file.read_text(encoding="utf-8")
        return Persons.model_validate(json.loads(text) if file.suffix == ".json" else tomllib.loads(text))
    except OSError as error:
        raise PersonsError(f"{file}: cannot be read ({error.strerror})") from error
    except ValidationError as error:
        where = ", ".join(".".join(map(str, fault["loc"])) for fault in error.errors())
        raise PersonsError(f"{file}: wrong or unknown: {where}") from None
    except ValueError as error:
        raise PersonsError(f"{file}: neither TOML nor JSON: {error}") from error
