"""A4 over IPP: ippeveprinter, a printer that is not ours, takes what the driver sends; reasons become nouns."""

from __future__ import annotations

import contextlib
import socket
import threading

import pytest

from devices.device import DeviceBusy, DeviceFault, DeviceGarbled, DeviceMissing, DeviceSilent, HealthState, watch
from devices.printer import CoverOpen, OutOfInk, OutOfPaper, Pages, PrinterJam
from devices.printer.page import IppPrinter
from devices.printer.page_state import JobState, job_state_of, status_of
from tests.hall import eventually, free_port
from tests.ippeveprinter import IppPrinterProgram, missing

PAGES = Pages("MX20260310094100", b"%PDF-1.4\n% somebody's name\n%%EOF\n")
needs_program = pytest.mark.skipif(bool(missing()), reason=missing() or "is installed")


@pytest.fixture
def program(tmp_path):
    running = IppPrinterProgram(tmp_path / "printer", free_port())
    yield running
    running.close()


@pytest.fixture
def printer(program):
    return IppPrinter(program.url, heartbeat=0.2, job_limit=20)


class Listener:
    """A tap that writes down what it hears."""

    def __init__(self):
        self.heard = []

    def opened(self, baud):
        self.heard.append(b"opened %d" % baud)

    def sent(self, content):
        self.heard.append(content)

    def came(self, content):
        self.heard.append(content)

    def closed(self):
        self.heard.append(b"closed")


@needs_program
def test_a_document_arrives_as_it_is_and_the_job_is_waited_for(program, printer):
    begun = []
    printer.print(PAGES, lambda: begun.append(program.printed))
    assert begun == [[]]
    assert [file.read_bytes() for file in program.printed] == [PAGES.pdf]
    assert "mx20260310094100" in program.printed[0].name
    assert printer.board.record.counters == {"jobs printed": 1}


@needs_program
def test_it_says_who_it_is_and_what_runs_low(program, printer):
    program.empties_tray(5)
    stop = threading.Event()
    thread = threading.Thread(target=watch, args=(printer, stop))
    thread.start()
    eventually(lambda: printer.board.health.reason.startswith("media-"), 20)
    assert printer.board.health.ready
    assert printer.board.record.facts["model"] == "Test A4 Printer"
    stop.set()
    thread.join(10)


@needs_program
def test_a_job_given_up_by_the_printer_has_failed_and_is_not_sent_again(program, printer):
    program.fails()
    begun = []
    with pytest.raises(DeviceFault):
        printer.print(PAGES, lambda: begun.append(1))
    assert (begun, len(program.printed)) == ([1], 1)
    assert printer.board.record.counters == {"jobs failed": 1}


@needs_program
@pytest.mark.parametrize(
    ("run_dry", "error"),
    [(IppPrinterProgram.empties_tray, OutOfPaper), (IppPrinterProgram.empties_toner, OutOfInk)],
)
def test_a_job_that_does_not_come_out_is_called_back_and_named_by_its_cause(program, run_dry, error):
    run_dry(program)
    program.holds(60)
    printer = IppPrinter(program.url, job_limit=1)
    with pytest.raises(error):
        printer.print(PAGES)
    eventually(lambda: b"Cancel-Job successful-ok" in program.log(), 10)


@needs_program
def test_a_job_that_takes_for_ever_and_gives_no_cause_is_silent(program):
    program.holds(60)
    with pytest.raises(DeviceSilent):
        IppPrinter(program.url, job_limit=1).print(PAGES)


@needs_program
def test_switched_off_it_is_missing_and_found_when_it_is_back(program, printer):
    stop = threading.Event()
    thread = threading.Thread(target=watch, args=(printer, stop))
    thread.start()
    eventually(lambda: printer.board.health.ready, 20)
    program.stop()
    eventually(lambda: printer.board.health.state is HealthState.MISSING, 20)
    program.start()
    eventually(lambda: printer.board.health.ready, 20)
    stop.set()
    thread.join(10)
    assert not thread.is_alive()


class SlowProxy:
    """Between driver and printer: requests pass at once; the answer to one kind of operation never comes.

    ``hides``: an operation that the printer does not know, because it is asked for another.
    """

    def __init__(self, program, withheld, hides=None):
        self._port, self._withheld, self._hides = program.port, b"\x02\x00\x00" + bytes([withheld]), hides
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"ipp://127.0.0.1:{self._listener.getsockname()[1]}/ipp/print"
        self.asked = b""
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                near = self._listener.accept()[0]
            except OSError:
                return
            far = socket.create_connection(("127.0.0.1", self._port), 10)
            far.settimeout(None)
            silent = threading.Event()
            threading.Thread(target=self._there, args=(near, far, silent), daemon=True).start()
            threading.Thread(target=self._back, args=(near, far, silent), daemon=True).start()

    def _there(self, near, far, silent):
        with contextlib.suppress(OSError):
            while said := near.recv(65536):
                if self._hides:
                    said = said.replace(b"\x02\x00\x00" + bytes([self._hides]), b"\x02\x00\x3f\xff")
                self.asked += said
                if self._withheld in said:
                    silent.set()
                far.sendall(said)
        silent.wait(60)  # who asked has gone; the printer must not notice

    def _back(self, near, far, silent):
        with contextlib.suppress(OSError):
            while said := far.recv(65536):
                if not silent.is_set():
                    near.sendall(said)

    def close(self):
        self._listener.close()


PRINT_JOB, CREATE_JOB, SEND_DOCUMENT = 2, 5, 6


@needs_program
@pytest.mark.parametrize(
    ("withheld", "hides"), [(SEND_DOCUMENT, None), (PRINT_JOB, CREATE_JOB)], ids=["by its number", "by its name"]
)
def test_a_job_whose_answer_is_late_is_called_back(program, withheld, hides):
    program.holds(60)
    proxy = SlowProxy(program, withheld, hides)
    with pytest.raises(DeviceSilent):
        IppPrinter(proxy.url, answer_limit=1.0, upload_limit=2.0).print(PAGES)
    eventually(lambda: b"Cancel-Job successful-ok" in program.log(), 20)
    proxy.close()


@needs_program
def test_a_printer_that_takes_jobs_by_steps_is_given_them_so(program):
    proxy = SlowProxy(program, 0xFF)
    IppPrinter(proxy.url).print(PAGES)
    assert b"\x02\x00\x00\x06" in proxy.asked, "by steps"
    assert b"\x02\x00\x00\x02" not in proxy.asked
    assert [file.read_bytes() for file in program.printed] == [PAGES.pdf]
    proxy.close()


@needs_program
def test_the_tap_hears_the_messages_and_never_the_document(program):
    tap = Listener()
    IppPrinter(program.url, tap=tap).print(PAGES)
    said = b"".join(tap.heard)
    assert said.startswith(b"opened 0")
    assert said.endswith(b"closed")
    assert b"printer-state-reasons" in said
    assert b"MX20260310094100" in said
    assert b"somebody's name" not in said


@needs_program
def test_a_printer_that_takes_no_pdf_is_a_fault_before_anything_is_sent(tmp_path):
    running = IppPrinterProgram(tmp_path / "printer", free_port(), formats="image/urf")
    with pytest.raises(DeviceFault, match="PDF"):
        IppPrinter(running.url).print(PAGES)
    assert list(running.spool.iterdir()) == []
    running.close()


def answering(content, *, then_wait=False):
    """A server on loopback that says the same to everybody; its address and the way to end it."""
    server = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()

    def serve():
        while not over.is_set():
            try:
                line, _ = server.accept()
            except OSError:
                return
            with line:
                line.recv(65536)
                line.sendall(content)
                over.wait(20 if then_wait else 0)

    threading.Thread(target=serve, daemon=True).start()

    def end():
        over.set()
        server.close()

    return f"ipp://127.0.0.1:{server.getsockname()[1]}/ipp/print", end


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/ipp\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"
BODY = b"\x00\x00\x00\x01\x01\x47\x00\x12attributes-charset\x00\x05utf-8\x03"
"""The rest of an answer of IPP after version and status: number, one group of one attribute, end."""


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (HEAD % 5 + b"hello", DeviceGarbled),
        (b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", DeviceMissing),
        (b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", DeviceFault),
        (HEAD % 38 + b"\x02\x00\x05\x06" + BODY, DeviceBusy),
        (HEAD % 38 + b"\x02\x00\x04\x06" + BODY, DeviceMissing),
        (b"HTTP/1.1 426 Upgrade Required\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", DeviceFault),
        (b"", DeviceMissing),
    ],
)
def test_whatever_answers_there_is_named(content, error):
    address, end = answering(content)
    with pytest.raises(error):
        IppPrinter(address).print(PAGES)
    end()


def test_nobody_there_is_missing():
    with pytest.raises(DeviceMissing):
        IppPrinter(f"ipp://127.0.0.1:{free_port()}/ipp/print").print(PAGES)


def test_somebody_who_says_nothing_is_silent_after_a_while():
    address, end = answering(b"", then_wait=True)
    with pytest.raises(DeviceSilent):
        IppPrinter(address, answer_limit=1.0).print(PAGES)
    end()


@pytest.mark.parametrize("line", ["ipp://", "http://10.0.0.9/ipp", "ipp://10.0.0.9", "ipp://10.0.0.9/", "10.0.0.9"])
def test_an_address_that_cannot_be_read_is_refused_with_words(line):
    with pytest.raises(ValueError, match="page printer"):
        IppPrinter(line)


@pytest.mark.parametrize(
    ("reasons", "stopped", "trouble"),
    [
        ("none", False, None),
        (["media-low-report", "toner-low-warning"], False, None),
        ("media-empty-report", False, None),
        ("media-empty-warning", False, None),
        ("media-empty-warning", True, OutOfPaper),
        ("media-empty", False, OutOfPaper),
        ("media-empty-error", False, OutOfPaper),
        ("media-needed-error", True, OutOfPaper),
        (["toner-empty-error", "cover-open-error"], True, CoverOpen),
        ("door-open", True, CoverOpen),
        ("marker-supply-empty-error", False, OutOfInk),
        ("media-jam-error", True, PrinterJam),
        ("spool-area-full", False, PrinterJam),
        ("offline-report", False, DeviceMissing),
        ("connecting-to-device", True, DeviceMissing),
        ("paused", True, DeviceFault),
        ("something-new", True, DeviceFault),
        ((), True, DeviceFault),
    ],
)
def test_each_reason_of_a_printer_means_what_the_standard_says(reasons, stopped, trouble):
    status = status_of({"printer-state": 5 if stopped else 3, "printer-state-reasons": reasons})
    assert type(status.trouble) is (trouble or type(None))


def test_a_printer_that_accepts_no_jobs_is_busy_and_a_strange_answer_is_well():
    assert type(status_of({"printer-is-accepting-jobs": False}).trouble) is DeviceBusy
    assert status_of({}).trouble is None
    assert status_of({"printer-state-reasons": 7}).trouble is None
    assert status_of({"printer-state-reasons": ["media-empty-report"]}).low == "media-empty"


def test_the_states_of_a_job_are_read_and_others_are_none():
    assert job_state_of({"job-state": 9}) is JobState.COMPLETED
    assert [job_state_of({"job-state": odd}) for odd in (2, "x", None)] == [None, None, None]
    assert job_state_of({}) is None
