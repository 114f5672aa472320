"""Residents with their cards, and pensioners, into the tables."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Row, insert, select, update

from contract.codes import VerificationMethod
from contract.identifiers import birth_date
from county.databases import hold
from county.eligibility import PensionRecord, learnt
from county.importing.findings import RowFault, Standing
from county.importing.landing import Filled, Ledger, Once, Verdict, standing_of
from county.importing.rows import CardRow, PensionerRow, ResidentRow
from county.models import cards, residents
from county.registers import pension_of, put_pension

TWICE = "这个人在前面出现过：{}"
UNKNOWN = "没有这个居民：请先导入居民表，或与居民表一起导入"
OTHERS_CARD = "这个卡号登记在另一个人名下"
SUSPENDED, ENDED = "suspended", "ended"


class Residents:
    """A file wins over the tables; a card it does not name stays as it is."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._people, self._cards = Once(), Once()
        self._next = ledger.highest(residents)
        self._new: list[dict[str, Any]] = []
        self._new_cards: list[dict[str, Any]] = []

    def take(self, portion: Sequence[Filled[ResidentRow]]) -> list[Verdict]:
        """Compare with what is known of each number and card."""
        numbers = {filled.row.social_security_no for filled in portion}
        held_cards = {filled.row.card_number for filled in portion if filled.row.card_number}
        ask = self._ledger.connection.execute
        known = {row.number: row for row in ask(select(residents).where(residents.c.number.in_(numbers)))}
        owned = {row.number: row for row in ask(select(cards).where(cards.c.number.in_(held_cards)))}
        verdicts = [self._one(filled, known, owned) for filled in portion]
        for table, rows in ((residents, self._new), (cards, self._new_cards)):
            if rows:
                self._ledger.connection.execute(insert(table), rows)
                rows.clear()
        return verdicts

    def finish(self) -> Counter[tuple[str, Standing]]:
        """Nothing is left."""
        return Counter()

    def _one(
        self, filled: Filled[ResidentRow], known: Mapping[str, Row[Any]], owned: Mapping[str, Row[Any]]
    ) -> Verdict:
        row = filled.row
        held, card = known.get(row.social_security_no), row.card
        fault = self._fault(filled, held, card, owned)
        if fault is not None:
            return fault
        self._ledger.residents.add(row.social_security_no)
        told = {
            "name": row.full_name,
            "sex": row.sex or (held.sex if held else row.told_sex),
            "ethnic_group": row.ethnicity,
            "region": row.region_code,
        }
        same_card = card is None or _same(owned.get(card.number), asdict(card))
        standing = standing_of(held, _same(held, told) and same_card)
        if self._ledger.write and standing is not Standing.UNCHANGED:
            holder = self._keep(row, held, told)
            if card is not None and not same_card:
                self._keep_card(holder, card, known=card.number in owned)
        return standing

    def _fault(
        self, filled: Filled[ResidentRow], held: Row[Any] | None, card: CardRow | None, owned: Mapping[str, Row[Any]]
    ) -> RowFault | None:
        earlier = self._people.earlier(filled.place, filled.row.social_security_no)
        if earlier is not None:
            return RowFault("social_security_no", TWICE.format(earlier))
        if card is None:
            return None
        owner = owned.get(card.number)
        if owner is not None and (held is None or owner.resident != held.id):
            return RowFault("card_number", OTHERS_CARD)
        if self._cards.earlier(filled.place, card.number) is not None:
            return RowFault("card_number", OTHERS_CARD)
        return None

    def _keep(self, row: ResidentRow, held: Row[Any] | None, told: dict[str, Any]) -> int:
        """Write the resident, a new one at the end of the portion; gives the row number."""
        if held is not None:
            self._ledger.connection.execute(update(residents).where(residents.c.id == held.id).values(told))
            return int(held.id)
        self._next += 1
        number = row.social_security_no
        new = {"id": self._next, "number": number, "born_on": birth_date(number), "reference": secrets.token_hex(16)}
        self._new.append(new | told)
        return self._next

    def _keep_card(self, holder: int, card: CardRow, *, known: bool) -> None:
        told = asdict(card)
        if known:
            self._ledger.connection.execute(update(cards).where(cards.c.number == card.number).values(told))
        else:
            self._new_cards.append(told | {"resident": holder})


def _same(held: Row[Any] | None, told: Mapping[str, Any]) -> bool:
    return held is not None and all(getattr(held, name) == value for name, value in told.items())


class Pensioners:
    """A verification that a kiosk made later than the file knows stays; an empty cell changes nothing."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._once = Once()
        if ledger.write:
            hold(
                ledger.connection, "submissions"
            )  # a verification that arrives now waits, and is judged by what is new

    def take(self, portion: Sequence[Filled[PensionerRow]]) -> list[Verdict]:
        """Compare with the pension of each number."""
        known = self._ledger.rows_of({filled.row.social_security_no for filled in portion})
        return [self._one(filled, known) for filled in portion]

    def finish(self) -> Counter[tuple[str, Standing]]:
        """Nothing is left."""
        return Counter()

    def _one(self, filled: Filled[PensionerRow], known: Mapping[str, int | None]) -> Verdict:
        row = filled.row
        if row.social_security_no not in known:
            return RowFault("social_security_no", UNKNOWN)
        earlier = self._once.earlier(filled.place, row.social_security_no)
        if earlier is not None:
            return RowFault("social_security_no", TWICE.format(earlier))
        resident = known[row.social_security_no]
        held = pension_of(self._ledger.connection, resident) if resident is not None else None
        counts = learnt(held, _told(row, held))
        standing = standing_of(held, counts == held)
        if self._ledger.write and standing is not Standing.UNCHANGED and resident is not None:
            put_pension(self._ledger.connection, resident, counts, known=held is not None)
        return standing


def _told(row: PensionerRow, held: PensionRecord | None) -> PensionRecord:
    """The record as the file tells it; what an empty cell leaves open is as it was ``held``."""
    before = held or PensionRecord(row.benefit_name)
    method = VerificationMethod(row.verification_method) if row.verification_method else None
    return PensionRecord(
        benefit=row.benefit_name,
        last_verified_on=row.verified_on,
        last_method=method,
        matched_on=row.matched_on or before.matched_on,
        suspended_since=row.suspended_since if row.benefit_status == SUSPENDED else None,
        death_hint=before.death_hint if row.death_hint is None else row.death_hint,
        drawn_since=row.benefit_from or before.drawn_since,
        monthly_amount=before.monthly_amount if row.monthly_pension is None else row.monthly_pension,
        ended_on=row.ended_on if row.benefit_status == ENDED else None,
    )
