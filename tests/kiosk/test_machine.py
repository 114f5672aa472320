"""The machine's own threads, and its end."""

import threading
import time
from dataclasses import replace

from devices.device import HealthBoard, utc_now
from devices.printer import Outlet, Pages, Receipt, Text
from kiosk.journal import Journal
from kiosk.printing import Draft, PrintRoom
from kiosk.states import Serving
from kiosk.store import Store
from tests.hall import eventually


def test_a_tick_that_fails_once_goes_on_ending_sessions(open_hall):
    quick = {"warn_seconds": 1.0, "end_seconds": 2.0, "form_end_seconds": 2.0}
    hall = open_hall(session=quick)
    desk, failed = hall.machine.desk, []

    def listener(before, after):
        if isinstance(before, Serving) and not isinstance(after, Serving) and not failed:
            failed.append(after)
            raise RuntimeError("a listener of the desk failed")

    desk.listen(listener)
    for served in (1, 2):
        hall.insert(hall.person("李伟"))
        eventually(lambda: isinstance(desk.state, Serving), what=f"session {served} begins")
        eventually(lambda: not isinstance(desk.state, Serving), what=f"session {served} ends by itself")
        hall.remove()
    assert failed


class StuckPrinter:
    """Receipts and pages that never come out until let go."""

    confirms = True

    def __init__(self):
        self.board = HealthBoard("stuck", utc_now)
        self.go_on, self.begun = threading.Event(), threading.Event()

    def print(self, paper, begun):
        assert isinstance(paper, Receipt | Pages)
        self.begun.set()
        self.go_on.wait(120)

    def outlet(self):
        return Outlet.UNKNOWN


def test_closing_a_room_in_which_both_printers_hang_takes_one_limit_and_not_two(hall):
    slips, pages = StuckPrinter(), StuckPrinter()
    room = PrintRoom(slips, hall.machine.journal, page_printer=pages)
    room.print(Receipt("20261122-1", (Text("凭条"),)), lambda _job: None, lambda: True)
    room.print(Draft("20261122-2", lambda _reprint: b"%PDF-1.4"), lambda _job: None, lambda: True)
    assert slips.begun.wait(20)
    assert pages.begun.wait(20)
    closing = threading.Thread(target=room.close, args=(6.0,), daemon=True)
    began = time.monotonic()
    closing.start()
    closing.join(60)
    took = time.monotonic() - began
    slips.go_on.set()
    pages.go_on.set()
    assert 5.5 < took < 11.5


class StuckDevice:
    """A device that never closes."""

    def __init__(self):
        self.go_on = threading.Event()

    def close(self):
        self.go_on.wait(120)


def test_a_stop_in_which_steps_fail_and_hang_still_writes_that_it_stopped(open_hall, caplog):
    hall, stuck = open_hall(), StuckDevice()
    machine = replace(hall.machine, devices=replace(hall.machine.devices, page_printer=stuck))

    def failing(before, after):
        raise RuntimeError("a listener of the desk failed")

    hall.insert(hall.person("李伟"))
    eventually(lambda: isinstance(machine.desk.state, Serving), what="the session begins")
    machine.desk.listen(failing)
    stopping = threading.Thread(target=machine.stop, args=(1.0,), daemon=True)
    stopping.start()
    stopping.join(60)
    stuck.go_on.set()
    assert not stopping.is_alive()
    assert "stopping: the session failed" in caplog.text
    assert "stopping: devices did not end in time" in caplog.text
    store = Store(machine.settings.folder / "kiosk.sqlite")
    assert '"stopped"' in [*Journal(store, machine.clock, b"k" * 32).entries()][-1].text
    store.close()
