"""The rooms behind the desk: paper, finger, witness; each ends with the session or says how it went."""

import threading
import time
from dataclasses import replace

import pytest
from sqlalchemy import text

from devices.fingerprint import FingerTemplate, MatchVerdict
from devices.printer import Receipt, Text
from devices.printer.emulator import PrinterFault
from kiosk.capture import CaptureRoom, CaptureState
from kiosk.errors import SessionEnded
from kiosk.events import Closed
from kiosk.identity import Assurance
from kiosk.journal import Journal
from kiosk.print_jobs import Failed, Printed, Printing
from kiosk.printing import PrintRoom
from kiosk.states import Serving
from kiosk.store import Store
from kiosk.witness import WitnessBoard, WitnessState
from kiosk.workers import Worker
from tests.hall import eventually

SLIP = Receipt("20261122-1", (Text("凭条"),))


def journal_of(hall):
    return "\n".join(entry.text for entry in hall.machine.journal.entries())


class Told:
    """Hears of a job."""

    def __init__(self):
        self.jobs = []

    def __call__(self, job):
        self.jobs.append(job)

    @property
    def over(self):
        return bool(self.jobs) and self.jobs[-1].over


class TestPaper:
    """One job at a time, never silently gone."""

    def test_a_receipt_is_printed_and_told_step_by_step(self, hall):
        told = Told()
        hall.machine.printing.print(SLIP, told, lambda: True)
        assert hall.machine.printing.wait_idle(20)
        assert [job.state for job in told.jobs] == [Printing(), Printed()]
        assert hall.machine.devices.simulators.printer.receipts[-1].complete
        assert "receipt_printed" in journal_of(hall)

    @pytest.mark.parametrize(
        ("fault", "code"),
        [(PrinterFault.OUT_OF_PAPER, "K-301"), (PrinterFault.COVER_OPEN, "K-302"), (PrinterFault.OFF, "K-304")],
    )
    def test_a_receipt_that_fails_says_why_and_is_not_sent_again(self, hall, screen, fault, code):
        printer = hall.machine.devices.simulators.printer
        printer.emulator.suffer(fault)
        screen.insert_card("李伟")
        told = Told()
        hall.machine.printing.print(SLIP, told, lambda: True)
        eventually(lambda: told.over, 30)
        assert told.jobs[-1].problem.code == code
        assert isinstance(hall.machine.desk.state, Serving), "a printer never ends a session"
        printer.emulator.recover()
        assert hall.machine.printing.wait_idle(20)
        eventually(lambda: hall.machine.devices.printer.board.health.ready, 30)
        again = Told()
        hall.machine.printing.print(replace(SLIP, number="20261122-2"), again, lambda: True)
        eventually(lambda: again.over, 30)
        assert len(told.jobs) == 2, "what is told after the end of the next job was told before"
        assert [receipt.number for receipt in printer.receipts if receipt.complete] == ["20261122-2"]

    def test_a_slip_given_to_a_printer_that_says_nothing_is_handed_over_and_not_printed(self, open_hall, tmp_path):
        hall, told = open_hall(devices={"printer": f"escpos:file:{tmp_path}/lp0"}), Told()
        hall.machine.printing.print(SLIP, told, lambda: True)
        assert not hall.machine.printing.wait_idle(0.5), "the next person waits until the slip has come out"
        assert hall.machine.printing.wait_idle(30)
        assert told.jobs[-1].state == Printed(confirmed=False)
        assert told.jobs[-1].showing == "handed-over"
        assert '"confirmed": false' in journal_of(hall)

    def test_a_hall_without_a_printer_says_so(self, hall):
        room, told = PrintRoom(None, hall.machine.journal), Told()
        room.print(SLIP, told, lambda: True)
        eventually(lambda: told.over)
        assert told.jobs[-1].problem.code == "K-304"
        room.close()

    def test_the_next_person_waits_for_every_job(self, hall):
        go_on, room = threading.Event(), PrintRoom(None, hall.machine.journal)
        room.print(SLIP, lambda _job: None, lambda: True)
        room.print(SLIP, lambda _job: go_on.wait(10), lambda: True)
        assert not room.wait_idle(0.2)
        go_on.set()
        assert room.wait_idle(5)
        room.close()


@pytest.fixture
def session(hall):
    """王秀英 is served; her fingers are known."""
    hall.insert(hall.person("王秀英"))
    eventually(lambda: isinstance(hall.machine.desk.state, Serving))
    eventually(lambda: hall.machine.captures.ready, 10)
    return hall.machine.desk.state.session


def template_of(hall):
    from devices.fingerprint.simulated.fingers import template_of as invented  # noqa: PLC0415  the simulator's own

    return FingerTemplate("ef01", invented(hall.fingers(hall.person("王秀英"))["right_index"]))


def place(hall, finger):
    hall.machine.devices.simulators.fingerprint.sensor.place_finger(finger)


def the_worker_is_through(room):
    """Wait until the sensor's worker has done all that it was asked."""
    return room._worker.ask(lambda: True).result(60)


class LeavingDesk:
    """The hall's desk, whose session ends right after the look number ``leaves_at`` at its state."""

    def __init__(self, desk):
        self._desk, self.leaves_at, self.left = desk, 0, False

    @property
    def state(self):
        seen = self._desk.state
        if self.leaves_at == 1:
            self.left = not isinstance(self._desk.handle(Closed("gone")), Serving)
        self.leaves_at -= 1
        return seen

    def __getattr__(self, name):
        return getattr(self._desk, name)


class TestFinger:
    """One try belongs to one session."""

    def test_the_right_finger_raises_the_assurance(self, hall, session):
        seen = []
        place(hall, hall.fingers(hall.person("王秀英"))["right_index"])
        hall.machine.captures.begin(session, template_of(hall), 10, seen.append)
        eventually(lambda: seen, 20)
        assert seen[0].result.verdict is MatchVerdict.MATCHED
        assert hall.machine.desk.state.session.assurance is Assurance.WITNESSED
        eventually(lambda: hall.machine.captures.view(session.token).state is CaptureState.OVER)
        assert "finger_matched" in journal_of(hall)

    def test_another_finger_proves_nothing(self, hall, session):
        seen = []
        place(hall, "somebody else")
        hall.machine.captures.begin(session, template_of(hall), 10, seen.append)
        eventually(lambda: seen, 20)
        assert seen[0].result.verdict is not MatchVerdict.MATCHED
        assert hall.machine.desk.state.session.assurance is Assurance.CARD

    def test_a_card_pulled_ends_the_try_and_nobody_hears_of_it(self, hall, session):
        seen = []
        hall.machine.captures.begin(session, template_of(hall), 20, seen.append)
        assert hall.machine.captures.view(session.token).state is CaptureState.WAITING
        hall.remove()
        place(hall, hall.fingers(hall.person("王秀英"))["right_index"])
        assert the_worker_is_through(hall.machine.captures)
        assert seen == []
        assert hall.machine.captures.view(session.token).state is CaptureState.IDLE
        assert "finger_" not in journal_of(hall)

    def test_a_try_for_nobody_never_begins(self, hall, session):
        hall.remove()
        seen = []
        hall.machine.captures.begin(session, template_of(hall), 1, seen.append)
        assert the_worker_is_through(hall.machine.captures)
        assert seen == []

    def test_a_session_that_ends_while_its_try_begins_leaves_no_try_for_nobody(self, hall, session):
        desk = LeavingDesk(hall.machine.desk)
        room, seen = CaptureRoom(desk, hall.machine.devices.fingerprint, hall.machine.journal), []
        began = time.monotonic()
        desk.leaves_at = 1
        room.begin(session, template_of(hall), 60, seen.append)
        assert desk.left, "the session ended between the look at it and the new try"
        assert the_worker_is_through(room)
        assert time.monotonic() - began < 40, "nobody waited for a finger"
        assert seen == []
        room.close()

    def test_the_late_word_of_an_earlier_session_does_not_end_the_next_ones_try(self, hall, session):
        room, seen = CaptureRoom(hall.machine.desk, hall.machine.devices.fingerprint, hall.machine.journal), []
        earlier = hall.machine.desk.state
        hall.remove()
        eventually(lambda: not isinstance(hall.machine.desk.state, Serving))
        after = hall.machine.desk.state
        hall.insert(hall.person("王秀英"))
        eventually(lambda: isinstance(hall.machine.desk.state, Serving), 20)
        place(hall, hall.fingers(hall.person("王秀英"))["right_index"])
        room.begin(hall.machine.desk.state.session, template_of(hall), 20, seen.append)
        room._session_changed(earlier, after)
        eventually(lambda: seen, 40)
        assert seen[0].result.verdict is MatchVerdict.MATCHED
        room.close()

    def test_a_hall_without_a_sensor_says_so(self, hall, session):
        room, seen = CaptureRoom(hall.machine.desk, None, hall.machine.journal), []
        room.begin(session, template_of(hall), 1, seen.append)
        eventually(lambda: seen)
        assert seen[0].problem.code == "K-201"
        assert not room.ready
        room.close()

    def test_a_template_that_does_not_fit_is_said(self, hall, session):
        seen = []
        hall.machine.captures.begin(session, FingerTemplate("other", b"x"), 1, seen.append)
        eventually(lambda: seen, 10)
        assert seen[0].problem.code == "K-203"


def unknown_defect(*_: object) -> None:
    raise ZeroDivisionError("a defect")


class OddPrinter:
    """A printer with a defect in its driver."""

    print = unknown_defect


class OddReader:
    """A sensor with a defect in its driver."""

    match = unknown_defect


class TestDefects:
    """What nobody foresaw is in the log and on the page; nothing hangs, and the next one is served."""

    def test_a_slip_whose_driver_is_broken_has_failed_and_is_logged(self, hall, caplog):
        room, told = PrintRoom(OddPrinter(), hall.machine.journal), Told()
        room.print(SLIP, told, lambda: True, "r-1")
        assert room.wait_idle(5)
        assert [type(job.state) for job in told.jobs] == [Printing, Failed]
        assert told.jobs[-1].problem.code == "K-901"
        assert "ZeroDivisionError" in caplog.text
        room.close()

    def test_a_slip_nobody_can_be_told_of_does_not_hold_up_the_next_person(self, hall, caplog):
        room = PrintRoom(None, hall.machine.journal)
        room.print(SLIP, unknown_defect, lambda: True)
        assert room.wait_idle(5)
        eventually(lambda: "ZeroDivisionError" in caplog.text)
        room.close()

    def test_a_slip_that_came_out_is_told_so_though_the_journal_cannot_be_written(self, hall, tmp_path, caplog):
        store = Store(tmp_path / "gone.sqlite")
        with store.begin() as connection:
            connection.execute(text("DROP TABLE journal"))
        room, told = PrintRoom(hall.machine.printing.printer, Journal(store, hall.machine.clock, b"k" * 32)), Told()
        room.print(SLIP, told, lambda: True)
        assert room.wait_idle(20)
        assert [job.state for job in told.jobs] == [Printing(), Printed()]
        eventually(lambda: "no such table" in caplog.text)
        room.close()
        store.close()

    def test_a_finger_whose_driver_is_broken_is_said_and_waits_no_longer(self, hall, session, caplog):
        room, seen = CaptureRoom(hall.machine.desk, OddReader(), hall.machine.journal), []
        room.begin(session, template_of(hall), 1, seen.append)
        eventually(lambda: room.view(session.token).state is CaptureState.OVER)
        assert room.view(session.token).problem.code == "K-901"
        assert seen == []
        assert "ZeroDivisionError" in caplog.text
        room.close()

    def test_a_worker_that_is_closed_takes_nothing_and_says_so(self):
        worker = Worker("closing")
        worker.close(wait=True, drop=True)
        assert worker.ask(lambda: 1) is None
        assert not worker.do(lambda: 1)


@pytest.fixture
def other(hall, session):
    """A session that is over: 李伟's, before 王秀英 came."""
    return replace(session, token="over", resident=replace(session.resident, reference="r-over"))


class TestWitness:
    """A clerk answers in time, once, the one who was asked about."""

    @pytest.fixture
    def board(self, session):
        self.now, self.heard, self.serving = 0.0, [], session.token
        return WitnessBoard(lambda: self.now, lambda token: token == self.serving, self.heard.append)

    def test_a_clerk_confirms_once(self, board, session):
        request = board.ask(session, "认证", 180)
        assert board.open() == request
        assert request.name_masked == "王*"
        assert board.answer(request.request_id, "clerk", confirmed=True).clerk == "clerk"
        assert board.answer(request.request_id, "other", confirmed=False) is None
        assert [heard.state for heard in self.heard] == [WitnessState.CONFIRMED]
        assert board.of(session.token).state is WitnessState.CONFIRMED
        assert board.open() is None

    def test_a_clerk_who_is_late_confirms_nothing_and_that_is_heard_once(self, board, session):
        request = board.ask(session, "认证", 180)
        self.now = 181.0
        assert board.open() is None
        assert board.answer(request.request_id, "clerk", confirmed=True) is None
        assert board.of(session.token).state is WitnessState.LATE
        assert [heard.state for heard in self.heard] == [WitnessState.LATE]

    def test_the_request_of_one_is_nothing_to_the_next(self, board, session):
        request = board.ask(session, "认证", 180)
        assert board.of("other") is None
        board.forget(session.token)
        assert board.open() is None
        assert board.of(session.token) is None
        assert board.answer(request.request_id, "clerk", confirmed=True) is None
        assert self.heard == []

    def test_a_session_that_is_over_asks_nobody(self, board, other):
        with pytest.raises(SessionEnded):
            board.ask(other, "认证", 180)
        assert board.open() is None

    def test_a_request_is_closed_from_the_moment_its_session_ends(self, board, session):
        request = board.ask(session, "认证", 180)
        self.serving = "the next"
        assert board.open() is None
        assert board.answer(request.request_id, "clerk", confirmed=True) is None
        assert self.heard == []

    def test_the_end_of_one_session_leaves_the_request_of_the_next_alone(self, board, session, other):
        request = board.ask(session, "认证", 180)
        board.forget(other.token)
        assert board.open() == request

    def test_a_refusal_is_heard_too(self, board, session):
        request = board.ask(session, "认证", 180)
        board.answer(request.request_id, "clerk", confirmed=False)
        assert self.heard[0].state is WitnessState.REFUSED

    def test_a_confirmed_witness_raises_the_assurance_of_that_session_alone(self, hall, session):
        board = hall.machine.reception.witness
        request = board.ask(session, "认证", 180)
        board.answer(request.request_id, "clerk", confirmed=True)
        assert hall.machine.desk.state.session.assurance is Assurance.WITNESSED
        hall.remove()
        eventually(lambda: board.of(session.token) is None)
        assert "witness_confirmed" in journal_of(hall)
