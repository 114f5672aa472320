"""What this machine holds of whoever stands here, asked of the holders themselves; and wiping what can be wiped."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from kiosk.capture import CaptureMemory, CaptureState
from kiosk.identity import Assurance
from kiosk.journal import Happening
from kiosk.machine import Machine
from kiosk.new_pin import PinChange
from kiosk.phrases import phrase
from kiosk.pin_pad import PadMemory
from kiosk.resident_service import Opened
from kiosk.services.jobs.job_board import ContactMemory
from kiosk.services.notices import NoticesGiven
from kiosk.services.pension.verification_memory import VerificationMemory
from kiosk.services.slips import SlipMemory
from kiosk.states import ResidentSession, Serving, Visiting
from kiosk.uplink.outbox.rows import OutboxState
from kiosk.visit import Modes, Visit


class Until(StrEnum):
    """How long something is held; the value is what the screen says."""

    NOW = phrase("现在就能清掉")
    LEAVING = phrase("您一走就清掉")
    STAYS = phrase("要留着")


@dataclass(frozen=True)
class Holding:
    """One thing that is held: its name, what of it, until when, and why where it stays."""

    name: str
    words: str
    until: Until
    why: str = ""


Told = Callable[[object], Iterator[Holding]]


def opened(held: object) -> Iterator[Holding]:
    """The services that were opened."""
    if isinstance(held, Opened) and held.services:
        yield Holding(phrase("点开过的事项"), phrase("%(n)s 项", n=len(held.services)), Until.NOW)


def contacts(held: object) -> Iterator[Holding]:
    """The telephones of employers that were shown."""
    if isinstance(held, ContactMemory) and held.shown:
        yield Holding(phrase("看过电话的岗位"), phrase("%(n)s 个", n=len(held.shown)), Until.NOW)


def slips(held: object) -> Iterator[Holding]:
    """The content of slips."""
    if not isinstance(held, SlipMemory):
        return
    full = [slip for slip in held.slips.values() if not slip.blank]
    if full:
        yield Holding(phrase("凭条的内容"), phrase("%(n)s 张", n=len(full)), Until.NOW)
    if len(full) < len(held.slips):
        yield Holding(phrase("打过的凭条"), phrase("只记编号"), Until.LEAVING, phrase("免得同一张打两次"))


def verification(held: object) -> Iterator[Holding]:
    """What a verification remembers."""
    if not isinstance(held, VerificationMemory):
        return
    if held.templates:
        yield Holding(phrase("县里登记的指纹"), phrase("%(n)s 个手指", n=len(held.templates)), Until.NOW)
    if held.status is not None:
        yield Holding(phrase("县里说的认证情况"), phrase("一份"), Until.NOW)
    if held.matched is not None or held.consented:
        yield Holding(phrase("这次认证到哪一步"), phrase("一份"), Until.NOW)
    if held.ladder.attempts:
        yield Holding(phrase("试过几次手指"), phrase("只记次数"), Until.LEAVING, phrase("免得没完没了地试"))
    numbers = [done.number for done in (held.outcome, held.appointment) if done is not None and done.number]
    for number in numbers:
        yield Holding(phrase("已经报上去的编号"), number, Until.LEAVING, phrase("免得同一件事报两次"))


def capture(held: object) -> Iterator[Holding]:
    """A finger on the sensor."""
    if isinstance(held, CaptureMemory) and held.view.state is not CaptureState.IDLE:
        yield Holding(phrase("指纹机上的比对"), phrase("只有结果，没有图像"), Until.NOW)


def new_pin(held: object) -> Iterator[Holding]:
    """A PIN on its way to the card."""
    if isinstance(held, PinChange) and held.old:
        yield Holding(phrase("正在改的密码"), phrase("改好就清掉"), Until.NOW)


def nothing(_held: object) -> Iterator[Holding]:
    """Something that holds nothing of a person: what a key pad showed, which notices stood on a page."""
    yield from ()


TELLERS: dict[type[object], Told] = {
    Opened: opened, ContactMemory: contacts, SlipMemory: slips, VerificationMemory: verification,
    CaptureMemory: capture, PadMemory: nothing, NoticesGiven: nothing, PinChange: new_pin,
}  # fmt: skip
"""Who tells what each thing remembered of a visit is; a test keeps this complete."""


def holdings(here: Machine, state: Serving | Visiting) -> tuple[Holding, ...]:
    """Everything that is held now of whoever stands here."""
    found = [*of_visit(state.visit), *of_modes(state.modes), *of_paper(here, reference_of(state))]
    if isinstance(state, Serving):
        written = tuple(here.journal.facts_about(state.session.resident.reference))
        found += [*of_session(state.session), *of_county(here, written), *of_journal(len(written))]
    return tuple(found)


def of_visit(visit: Visit) -> Iterator[Holding]:
    """What services remember; something nobody tells of is named all the same."""
    for held in visit.remembered():
        teller = TELLERS.get(type(held))
        if teller is None:
            yield Holding(phrase("这次办事的临时内容"), phrase("一份"), Until.NOW)
        else:
            yield from teller(held)


def of_modes(modes: Modes) -> Iterator[Holding]:
    """How the screen is shown."""
    if modes != Modes():
        yield Holding(phrase("您选的大字、声音、语言"), phrase("这次的选择"), Until.LEAVING)


def of_paper(here: Machine, reference: str) -> Iterator[Holding]:
    """Papers on their way."""
    many = here.printing.waiting(reference)
    if many:
        yield Holding(phrase("正在打、等着打的凭条"), phrase("%(n)s 张", n=many), Until.NOW)


def of_session(session: ResidentSession) -> Iterator[Holding]:
    """Who is served, masked as everywhere."""
    resident, leaves = session.resident, Until.LEAVING
    yield Holding(phrase("姓名"), str(resident.name), leaves)
    yield Holding(phrase("社会保障号码"), str(resident.number), leaves)
    yield Holding(phrase("卡号"), str(resident.card_number), leaves)
    if session.assurance >= Assurance.PIN:
        yield Holding(phrase("密码"), phrase("卡说对了；密码没有存"), leaves)
    if session.sitting is not None:
        yield Holding(phrase("和县里的连接"), phrase("最多十分钟"), leaves)


def of_county(here: Machine, written: Iterable[Mapping[str, Any]]) -> Iterator[Holding]:
    """What is on its way to the county: sealed, and known to be this person's by the journal alone."""
    own = {str(facts["submission"]) for facts in written if facts["what"] == Happening.SUBMITTED}
    for row in here.county.outbox.clerks.rows_of(own):
        sent = row.state is OutboxState.ANSWERED
        pair = phrase("%(number)s，县里收到了", number=row.number), phrase("%(number)s，等着送", number=row.number)
        why = phrase("留一个编号备查，一个月后删") if sent else phrase("封好了，只有县里打得开")
        yield Holding(phrase("报给县里的事"), pair[0 if sent else 1], Until.STAYS, why)


def of_journal(many: int) -> Iterator[Holding]:
    """The entries that carry this person's reference."""
    if many:
        words = phrase("%(n)s 笔，只有代号，没有姓名和号码", n=many)
        yield Holding(phrase("办事记录"), words, Until.STAYS, phrase("国家规定要留，谁看过都查得到"))


def reference_of(state: Serving | Visiting) -> str:
    """Under which papers of this visit are known."""
    return state.session.resident.reference if isinstance(state, Serving) else ""


def wipe(here: Machine, state: Serving | Visiting) -> int:
    """Wipe what can be wiped now: a running try, papers that wait, what services remember; how many papers."""
    if isinstance(state, Serving):
        here.captures.cancel()
        here.reception.witness.forget(state.session.token)
    taken = here.printing.withdraw(reference_of(state))
    state.visit.wipe()
    here.journal.write(Happening.VISIT_WIPED, resident=reference_of(state), papers=taken)
    return taken
