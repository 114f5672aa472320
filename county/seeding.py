"""Fill an empty hub with an invented town, and tell its simulators who lives there. Development only."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import count, islice

from sqlalchemy import Connection, func, insert, select

from contract.codes import ItemState
from contract.feed import DisplayItem, FeedKind
from contract.staff import ItemDraft
from county import models
from county.accounts import put_account
from county.demo import Town, invent, people_lines, template_of
from county.demo.pensions import drawn
from county.demo.town import DemoResident
from county.hub import Hub
from county.publishing import USUAL_LEASES, Leases, publish
from county.store import Store

Rows = Iterator[dict[str, object]]
TOWN_FACT = "town"
PORTION = 1000
COUNTY_OFFICE = "county"


def invent_people(hub: Hub) -> None:
    """On an empty database invent the town of ``demo_seed``; write the people file where it is missing or new."""
    with hub.store.reading() as connection:
        planted = _planted(connection)
        settled = connection.scalar(select(func.count()).select_from(models.residents))
    if planted is None and settled:
        return
    seed, day = planted or (hub.settings.demo_seed, hub.clock.today())
    if planted and hub.settings.people.exists():
        return
    town = invent(seed, day)
    if planted is None:
        fill(hub.store, town, hub.leases)
        _plant(hub.store, seed, day)
    _write_people(hub, town)


def fill(store: Store, town: Town, leases: Leases = USUAL_LEASES) -> None:
    """Write the whole town, all or nothing. Raises where the tables already hold one of its people or items."""
    with store.writing() as connection:
        _fill_residents(connection, town)
        for posting in town.postings:
            publish(connection, FeedKind.POSTING, posting.posting_no, posting, leases=leases)
        for course in town.courses:
            publish(connection, FeedKind.COURSE, course.course_no, course, leases=leases)
        for policy in town.policies:
            publish(connection, FeedKind.POLICY, policy.policy_no, policy, leases=leases)
        for item, area in town.display_items:
            _hang(connection, item, area, leases)
        for member in town.accounts:
            put_account(connection, member.account, member.name, member.roles, member.areas, password=member.password)


def _fill_residents(connection: Connection, town: Town) -> None:
    numbered = list(enumerate(town.residents, start=1))
    tables = (
        (models.residents, (_resident_row(number, resident) for number, resident in numbered)),
        (models.cards, (_card_row(number, resident) for number, resident in numbered)),
        (models.pensions, _pension_rows(numbered)),
        (models.fingers, _finger_rows(numbered)),
        (models.participations, _participation_rows(numbered)),
        (models.contribution_months, _month_rows(numbered)),
    )
    for table, rows in tables:
        while portion := list(islice(rows, PORTION)):
            connection.execute(insert(table), portion)


def _resident_row(number: int, resident: DemoResident) -> dict[str, object]:
    return {
        "id": number,
        "number": resident.number,
        "name": resident.name,
        "sex": resident.sex,
        "ethnic_group": resident.ethnic_group,
        "born_on": resident.born_on,
        "region": resident.region,
        "reference": secrets.token_hex(16),
    }


def _card_row(number: int, resident: DemoResident) -> dict[str, object]:
    card = resident.card
    return {
        "number": card.number,
        "resident": number,
        "identification": card.identification,
        "version": card.version,
        "status": card.status.value,
        "issued_on": card.issued_on,
        "valid_until": card.valid_until,
    }


def _pension_rows(numbered: list[tuple[int, DemoResident]]) -> Rows:
    for number, resident in numbered:
        if resident.pension is not None:
            pension = resident.pension
            since, amount = drawn(pension.benefit, resident.born_on)
            yield {
                "drawn_since": since,
                "monthly_amount": amount,
                "resident": number,
                "benefit": pension.benefit,
                "last_verified_on": pension.last_verified_on,
                "last_method": pension.last_method.value if pension.last_method else None,
                "matched_on": pension.matched_on,
                "suspended_since": pension.suspended_since,
                "death_hint": pension.death_hint,
            }


def _finger_rows(numbered: list[tuple[int, DemoResident]]) -> Rows:
    for number, resident in numbered:
        for enrolled in resident.fingers:
            yield {"resident": number, "finger": enrolled.finger.value, "content": template_of(enrolled.seed)}


def _participation_rows(numbered: list[tuple[int, DemoResident]]) -> Rows:
    numbers = count(1)
    for resident_number, resident in numbered:
        for held in resident.participations:
            yield {
                "id": next(numbers),
                "resident": resident_number,
                "insurance_type": held.insurance_type.value,
                "scheme": held.scheme,
                "unit": held.unit,
                "status": held.status.value,
                "account_balance": held.account_balance,
            }


def _month_rows(numbered: list[tuple[int, DemoResident]]) -> Rows:
    held = (held for _, resident in numbered for held in resident.participations)
    for number, participation in enumerate(held, start=1):
        for due in participation.months:
            yield {
                "participation": number,
                "month": due.month,
                "base": due.base,
                "personal_share": due.personal_share,
                "unit_share": due.unit_share,
                "paid": due.paid,
            }


def _hang(connection: Connection, item: DisplayItem, area: str, leases: Leases) -> None:
    """A notice that the county wrote and approved before this hub stood."""
    draft = ItemDraft(**item.model_dump(include=set(ItemDraft.model_fields)), area=area)
    row = {
        "item_no": item.item_no,
        "version": 1,
        "state": ItemState.PUBLISHED.value,
        "draft": draft.model_dump_json(),
        "area": area,
        "author": COUNTY_OFFICE,
        "editors": (COUNTY_OFFICE,),
        "approver": COUNTY_OFFICE,
        "published_version": 1,
        "changed_at": datetime.combine(item.hours.first_day, item.hours.opens, tzinfo=UTC),
    }
    connection.execute(insert(models.wall_items).values(row))
    publish(connection, FeedKind.DISPLAY_ITEM, item.item_no, item, area, leases=leases)


def _planted(connection: Connection) -> tuple[int, date] | None:
    fact = connection.scalar(select(models.hub_facts.c.content).where(models.hub_facts.c.name == TOWN_FACT))
    if fact is None:
        return None
    seed, _, day = fact.partition(" ")
    return int(seed), date.fromisoformat(day)


def _plant(store: Store, seed: int, day: date) -> None:
    with store.writing() as connection:
        connection.execute(insert(models.hub_facts).values(name=TOWN_FACT, content=f"{seed} {day.isoformat()}"))


def _write_people(hub: Hub, town: Town) -> None:
    """Whole or not at all; readable by its owner only, for it holds PINs."""
    file = hub.settings.people
    file.parent.mkdir(parents=True, exist_ok=True)
    beside = file.with_name(f"{file.name}.new")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
        stream.writelines(f"{line}\n" for line in people_lines(town))
    beside.replace(file)
