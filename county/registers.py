"""What the hub's tables say about one resident: memberships, contributions, pension, fingers."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import date

from sqlalchemy import Connection, Row, insert, select, update

from contract.codes import Finger, InsuranceType, InsuredStatus, VerificationMethod
from contract.residents import ContributionMonth
from county.eligibility import PensionRecord, learnt
from county.insurance import DueMonth, Membership
from county.models import contribution_months, fingers, participations, pensions, residents

_MONTH = (
    contribution_months.c.month,
    contribution_months.c.base,
    contribution_months.c.personal_share,
    contribution_months.c.unit_share,
    contribution_months.c.paid,
)


def memberships(connection: Connection, resident: int) -> list[Membership]:
    """Every participation that has months, oldest entry first."""
    mine = select(participations).where(participations.c.resident == resident).order_by(participations.c.id)
    found = [(row, _months(connection, row.id)) for row in connection.execute(mine)]
    return [_membership(row, months) for row, months in found if months]


def _months(connection: Connection, participation: int) -> tuple[DueMonth, ...]:
    rows = select(*_MONTH).where(contribution_months.c.participation == participation)
    return tuple(DueMonth(*row) for row in connection.execute(rows.order_by(contribution_months.c.month)))


def _membership(row: Row[tuple[object, ...]], months: tuple[DueMonth, ...]) -> Membership:
    kind, status = InsuranceType(row.insurance_type), InsuredStatus(row.status)
    return Membership(kind, row.scheme, row.unit, status, row.account_balance, months)


def contributions(connection: Connection, resident: int, year: int) -> tuple[ContributionMonth, ...]:
    """The months of one year, by month, then type."""
    rows = (
        select(participations.c.insurance_type, participations.c.unit, *_MONTH)
        .join_from(participations, contribution_months)
        .where(participations.c.resident == resident, contribution_months.c.month.between(f"{year}-01", f"{year}-12"))
        .order_by(contribution_months.c.month, participations.c.insurance_type, participations.c.id)
    )
    return tuple(
        ContributionMonth(
            month=row.month,
            insurance_type=InsuranceType(row.insurance_type),
            unit=row.unit,
            base=row.base,
            personal_share=row.personal_share,
            unit_share=row.unit_share,
            paid=row.paid,
        )
        for row in connection.execute(rows)
    )


def pension_of(connection: Connection, resident: int) -> PensionRecord | None:
    """The pensioner's record; None for somebody who draws nothing."""
    row = connection.execute(select(pensions).where(pensions.c.resident == resident)).one_or_none()
    if row is None:
        return None
    method = VerificationMethod(row.last_method) if row.last_method else None
    return PensionRecord(
        row.benefit, row.last_verified_on, method, row.matched_on, row.suspended_since, row.death_hint,
        row.drawn_since, row.monthly_amount, row.ended_on,
    )  # fmt: skip


def keep_pension(connection: Connection, resident: int, record: PensionRecord) -> None:
    """Write a success down: its day, its method, and that payment is no longer suspended."""
    kept = update(pensions).where(pensions.c.resident == resident)
    connection.execute(
        kept.values(
            last_verified_on=record.last_verified_on,
            last_method=record.last_method,
            suspended_since=record.suspended_since,
        )
    )


def learn_pension(
    connection: Connection, resident: int, told: PensionRecord | None, today: date
) -> PensionRecord | None:
    """Keep what the county's own system says of a benefit; None ends the one that was known. Gives what counts now."""
    held = pension_of(connection, resident)
    if told is None:
        if held is not None and held.ended_on is None:
            put_pension(connection, resident, replace(held, ended_on=today), known=True)
        return None
    counts = learnt(held, told)
    if counts != held:
        put_pension(connection, resident, counts, known=held is not None)
    return counts


def put_pension(connection: Connection, resident: int, record: PensionRecord, *, known: bool) -> None:
    """Write the whole record, over the one that stands there where one is ``known``."""
    row = asdict(record)
    if known:
        connection.execute(update(pensions).where(pensions.c.resident == resident).values(row))
    else:
        connection.execute(insert(pensions).values(row | {"resident": resident}))


def fingers_of(connection: Connection, resident: int) -> list[tuple[Finger, bytes]]:
    """The enrolled fingers with their templates, in the order in which a kiosk asks for them."""
    rows = connection.execute(select(fingers.c.finger, fingers.c.content).where(fingers.c.resident == resident))
    held = {Finger(row.finger): row.content for row in rows}
    return [(finger, held[finger]) for finger in Finger if finger in held]


def number_of(connection: Connection, resident: int) -> str:
    """The identity number of the resident in this row."""
    return str(connection.execute(select(residents.c.number).where(residents.c.id == resident)).scalar_one())


def resident_numbered(connection: Connection, number: str) -> int | None:
    """The hub's row of the resident with this identity number."""
    return connection.scalar(select(residents.c.id).where(residents.c.number == number))


def reference_of(connection: Connection, resident: int) -> str:
    """What kiosks know a resident by."""
    return str(connection.execute(select(residents.c.reference).where(residents.c.id == resident)).scalar_one())


def resident_referenced(connection: Connection, reference: str) -> int | None:
    """The hub's row of the resident whom kiosks know by this reference."""
    return connection.scalar(select(residents.c.id).where(residents.c.reference == reference))
