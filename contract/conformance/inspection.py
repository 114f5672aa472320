"""One run of the kit against one server: as which kiosk it asks, for whom, and by which clock."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from contract.conformance.expectations import operation
from contract.conformance.keys import TestKiosk, fresh_kiosk
from contract.conformance.line import Line, Reply
from contract.conformance.persons import Account, Person, Persons
from contract.conformance.verdicts import NotRun
from contract.message import IDEMPOTENCY_HEADER, SITTING_HEADER, STAFF_HEADER, Message
from contract.operation import Asker
from contract.residents import CardPresented
from contract.signatures import Outgoing, sign
from contract.staff import SignIn

Body = Message | Mapping[str, Any] | bytes | None
OK, CREATED = 200, 201
FIRST, SECOND = 0, 1


@dataclass
class Inspection:
    """``ahead``: how far the county's time stands before this machine's, once ``county.pulse`` has asked for it."""

    line: Line
    kiosks: Sequence[TestKiosk]
    persons: Persons
    clock: Callable[[], datetime]
    ahead: timedelta = timedelta()
    approved: set[str] = field(default_factory=set)
    """The key ids of those of ``kiosks`` that the county serves."""
    silent: bool = False
    """Nothing answers there at all."""
    references: dict[str, str] = field(default_factory=dict)
    """By sitting: how the county calls its resident."""
    _sitting: tuple[str, str] = ("", "")
    _sessions: dict[str, Any] = field(default_factory=dict)
    _spare: TestKiosk | None = None

    def now(self) -> datetime:
        """The county's time, as far as it is known."""
        return self.clock() + self.ahead

    def kiosk(self, place: int = FIRST) -> TestKiosk:
        """The kiosk that asks, or the second one; NotRun where there is no second one that is approved."""
        found = self.kiosks[place] if place < len(self.kiosks) else None
        if found is None or (place != FIRST and found.enrolment.key_id not in self.approved):
            raise NotRun("needs the key of a second approved kiosk: --kiosk-key FILE FILE")
        return found

    @property
    def known(self) -> bool:
        """True where the first kiosk is approved."""
        return self.kiosk().enrolment.key_id in self.approved

    def person(self, entry: str) -> Person:
        """A person by their entry; NotRun where the file names none."""
        found = getattr(self.persons, entry)
        if isinstance(found, Person):
            return found
        raise NotRun(f'the file of test persons names no "{entry}"')

    def account(self, entry: str) -> Account:
        """A staff account by its entry; NotRun where the file names none."""
        found = getattr(self.persons, entry)
        if isinstance(found, Account):
            return found
        raise NotRun(f'the file of test persons names no "{entry}"')

    def spare(self) -> TestKiosk:
        """A kiosk to be thrown away, let in by the administrator: for what a county holds against a kiosk for long."""
        if self._spare is None:
            administrator = self.session_of("administrator")
            kiosk = fresh_kiosk("conformance kit, thrown away", self.persons.site)
            if self.enrolled(kiosk).status != OK:
                raise NotRun("no further kiosk could be enrolled (see kiosk.enrolment)")
            place = {"fingerprint": kiosk.enrolment.fingerprint}
            reply = self.ask("approve-kiosk", staff=administrator, place=place)
            if reply.status != OK:
                raise NotRun(f"no further kiosk was let in: {reply.status} {reply.problem} (see kiosk.registry)")
            self._spare = kiosk
        return self._spare

    def careless(self) -> TestKiosk:
        """The kiosk for what a county counts against a kiosk: the spare one where there can be one, else the first."""
        return self.spare() if self.persons.administrator else self.kiosk()

    def enrolled(self, kiosk: TestKiosk) -> Reply:
        """The answer to showing this kiosk's keys."""
        return self.line.send(self.signed(self.request("enrol", kiosk.enrolment), kiosk))

    def leave(self) -> None:
        """The card out, the spare kiosk withdrawn."""
        self.end_sitting()
        if self._spare is not None:
            place = {"fingerprint": self._spare.enrolment.fingerprint}
            self.ask("withdraw-kiosk", staff=self.session_of("administrator"), place=place)

    # Asking ---------------------------------------------------------------------------------------------------------

    def request(
        self, key: str, body: Body = None, *, sitting: str = "", staff: str = "", idempotency: str = "",
        query: Mapping[str, str | int] | None = None, place: Mapping[str, str] | None = None,
    ) -> Outgoing:  # fmt: skip
        """An unsigned request to the address with this key."""
        row = operation(key)
        told = {SITTING_HEADER: sitting, STAFF_HEADER: staff, IDEMPOTENCY_HEADER: idempotency}
        headers = {name: value for name, value in told.items() if value}
        content = written(body)
        if content:
            headers["Content-Type"] = "application/octet-stream" if row.raw_in else "application/json"
        target = row.path.format(**(place or {})) + (f"?{urlencode(query)}" if query else "")
        return Outgoing(row.method, target, headers, content)

    def signed(
        self, request: Outgoing, kiosk: TestKiosk | None = None, *, at: datetime | None = None, nonce: str = ""
    ) -> Outgoing:
        """The request with a good signature of ``kiosk`` (the first one), made now unless told otherwise."""
        by = kiosk or self.kiosk()
        moment = at or self.now()
        sign(request, by.signing, by.enrolment.key_id, moment, nonce or secrets.token_urlsafe(18))
        return request

    def ask(self, key: str, body: Body = None, *, kiosk: TestKiosk | None = None, **more: Any) -> Reply:
        """The answer to a request of ours, signed where the contract wants it; ``more`` as in ``request``."""
        request = self.request(key, body, **more)
        if operation(key).asker is not Asker.ANYBODY:
            if not self.known and (kiosk or self.kiosk()) is self.kiosk():
                raise NotRun("the first kiosk is not approved (see kiosk.enrolment)")
            self.signed(request, kiosk)
        return self.line.send(request)

    # For whom -------------------------------------------------------------------------------------------------------

    def card(self, person: Person, **other: Any) -> CardPresented:
        """What ``person``'s card says in a new insertion."""
        told = person.model_dump(exclude={"name"}) | {"insertion": secrets.token_hex(8)} | other
        return CardPresented(**told)

    def sitting_of(self, entry: str) -> str:
        """The sitting of a person; one card at a time, as at a kiosk. NotRun where none can be opened."""
        if self._sitting[0] != entry:
            self.end_sitting()
            self._sitting = (entry, self.fresh_sitting(entry))
        return self._sitting[1]

    def fresh_sitting(self, entry: str, kiosk: TestKiosk | None = None) -> str:
        """A sitting of its own, beside the present one; the caller closes it."""
        reply = self.ask("open-sitting", self.card(self.person(entry)), kiosk=kiosk)
        told = reply.json() if reply.status == CREATED else {}
        token = told.get("sitting")
        if not isinstance(token, str):
            raise NotRun(f"no sitting for {entry}: {reply.status} {reply.problem} (see sitting.open)")
        self.references[token] = str(told.get("reference", ""))
        return token

    def end_sitting(self) -> None:
        """The card leaves."""
        if self._sitting[1]:
            token = self._sitting[1]
            self._sitting = ("", "")
            self.ask("close-sitting", sitting=token)

    def session_of(self, entry: str) -> str:
        """The session of a member of staff, signed in once a run; NotRun where that fails."""
        return str(self.member(entry)["session"])

    def member(self, entry: str) -> dict[str, Any]:
        """The signed-in member of staff, as the answer to signing in says."""
        if entry not in self._sessions:
            account = self.account(entry)
            reply = self.ask("sign-in", SignIn(account=account.account, password=account.password))
            if reply.status != CREATED:
                raise NotRun(f"{entry} could not sign in: {reply.status} {reply.problem} (see staff.sign-in)")
            self._sessions[entry] = reply.json()
        found: dict[str, Any] = self._sessions[entry]
        return found

    def forget_session(self, entry: str) -> None:
        """It ended: whoever needs it next signs in anew."""
        self._sessions.pop(entry, None)


def written(body: Body) -> bytes:
    """A body as it travels."""
    match body:
        case None:
            return b""
        case bytes():
            return body
        case Message():
            return body.model_dump_json().encode()
        case _:
            return json.dumps(body, ensure_ascii=False).encode()
