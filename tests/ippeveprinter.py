"""ippeveprinter of cups-ipp-utils, an IPP printer that is not ours, on a port and in a folder of its own.

It asks the host for its name over the system's message bus before it starts, also with ``-r off``. Where no avahi runs
(a build machine) that is all that keeps it from starting: `NameService` answers those questions, and nothing else.
"""

from __future__ import annotations

import os
import shutil
import socket
import struct
import subprocess
import threading
import time
import urllib.request
from pathlib import Path
from urllib.parse import urlencode

PROGRAM = shutil.which("ippeveprinter", path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")
PATIENCE = 15.0
STARTS = 8

SAID = {
    b"Hello": ("s", ":1.1"), b"AddMatch": ("", 0), b"Ping": ("", 0), b"GetAPIVersion": ("u", 516),
    b"GetState": ("i", 2), b"GetHostNameFqdn": ("s", "here.local"), b"GetHostName": ("s", "here"),
}  # fmt: skip
"""What the client library asks a name service when it starts, and a good answer: its type and value."""


def missing() -> str:
    """Why these tests cannot run; empty where they can."""
    return "" if PROGRAM else "ippeveprinter (Debian: cups-ipp-utils) is not installed"


def padded(content: bytes) -> bytes:
    return content + bytes(-len(content) % 8)


def value_of(kind: str, value: str | int) -> bytes:
    if kind == "s":
        return struct.pack("<I", len(str(value))) + str(value).encode() + b"\0"
    return struct.pack("<i", value) if kind else b""


def answer_to(serial: int, kind: str, value: str | int, number: int) -> bytes:
    """A method return of the D-Bus wire protocol."""
    fields = b"\x05\x01u\0" + struct.pack("<I", serial)
    if kind:
        fields = padded(fields) + b"\x08\x01g\0\x01" + kind.encode() + b"\0"
    fields = padded(fields) + b"\x07\x01s\0" + value_of("s", ":1.2")
    fields = padded(fields) + b"\x06\x01s\0" + value_of("s", ":1.1")
    body = value_of(kind, value)
    return padded(b"l\x02\x01\x01" + struct.pack("<III", len(body), number, len(fields)) + fields) + body


class NameService:
    """A message bus with one service on it."""

    def __init__(self, path: Path) -> None:
        self.address = f"unix:path={path}"
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(path))
        self._listener.listen()
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                line, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(line,), daemon=True).start()

    def _serve(self, line: socket.socket) -> None:
        with line, line.makefile("rb") as stream:
            stream.read(1)
            while (said := stream.readline()) and not said.startswith(b"BEGIN"):
                line.sendall(b"OK 0123456789abcdef0123456789abcdef\r\n" if said.startswith(b"AUTH") else b"ERROR\r\n")
            number = 0
            while head := stream.read(16):
                number += 1
                body, serial, fields = struct.unpack("<III", head[4:])
                asked = stream.read(fields + -fields % 8 + body)
                for member, (kind, value) in SAID.items():
                    if b"\0" + member + b"\0" in asked:
                        line.sendall(answer_to(serial, kind, value, number))
                        break

    def close(self) -> None:
        self._listener.close()


class IppPrinterProgram:
    """The program, running. What it prints is decided by a small command of ours that it calls for every job.

    ``holds(seconds)``: how long a job takes; ``fails()``: the job is aborted; ``empties_tray()``, ``empties_toner()``:
    by its web form, and it says so as a report that stops nothing. ``printed``: the documents that arrived, in order.
    """

    def __init__(self, folder: Path, port: int, formats: str = "application/pdf") -> None:
        self.port, self._folder = port, folder
        self.spool = folder / "spool"
        self.spool.mkdir(parents=True)
        self._names = NameService(folder / "bus")
        self._command = folder / "command"
        self._command.write_text(
            f'#!/bin/sh\nsleep "$(cat "{folder}/seconds")"\nexit "$(cat "{folder}/code")"\n',
            encoding="ascii",
        )
        self._command.chmod(0o755)
        self.well()
        self._formats = formats
        self.start()

    @property
    def url(self) -> str:
        return f"ipp://127.0.0.1:{self.port}/ipp/print"

    @property
    def printed(self) -> list[Path]:
        return sorted(self.spool.glob("*.pdf"), key=lambda file: int(file.name.split("-")[0]))

    def start(self) -> None:
        """Start; returns when it answers. Debian's libavahi now and then aborts while it starts: then once more."""
        for _ in range(STARTS):
            if self._started():
                return
        raise OSError(f"ippeveprinter did not start: {self.log()[-500:]!r}")

    def _started(self) -> bool:
        command = [
            str(PROGRAM), "-r", "off", "-p", str(self.port), "-d", str(self.spool), "-k", "-f", self._formats,
            "-v", "-c", str(self._command), "-M", "Test", "-m", "A4 Printer", "Test",
        ]  # fmt: skip
        with (self._folder / "log").open("ab") as log:
            environment = os.environ | {"DBUS_SYSTEM_BUS_ADDRESS": self._names.address}
            self._process = subprocess.Popen(command, stdout=log, stderr=log, env=environment)  # noqa: S603 - fixed words
        until = time.monotonic() + PATIENCE
        while self._process.poll() is None and time.monotonic() < until:
            try:
                self._visit("")
            except OSError:
                time.sleep(0.05)
            else:
                return True
        self.stop()
        return False

    def _visit(self, page: str) -> None:
        urllib.request.urlopen(f"http://127.0.0.1:{self.port}/{page}", timeout=10).close()

    def log(self) -> bytes:
        """What it told of itself so far."""
        return (self._folder / "log").read_bytes()

    def stop(self) -> None:
        """Switch it off."""
        self._process.kill()
        self._process.wait(10)

    def empties_tray(self, sheets: int = 0) -> None:
        """Leave so many sheets of A4 in both trays."""
        size = "iso_a4_210x297mm"
        self._fill("media", size1=size, type1="stationery", level1=sheets, size3=size, type3="stationery", level3=0)

    def empties_toner(self, percent: int = 0) -> None:
        self._fill("supplies", supply0=25, supply1=percent)

    def _fill(self, form: str, **values: object) -> None:
        self._visit(f"{form}?{urlencode(values)}")

    def holds(self, seconds: float) -> None:
        (self._folder / "seconds").write_text(str(seconds), encoding="ascii")

    def fails(self) -> None:
        (self._folder / "code").write_text("1", encoding="ascii")

    def well(self) -> None:
        """Mend it."""
        self.holds(0)
        (self._folder / "code").write_text("0", encoding="ascii")

    def close(self) -> None:
        self.stop()
        self._names.close()
