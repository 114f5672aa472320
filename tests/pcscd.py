"""A real pcscd for tests and benches: in its own mount namespace, with a virtual reader on its own port.

    with PcscDaemon() as daemon:
        VirtualSlot(daemon.port).insert(card)

The PC/SC client library reads PCSCLITE_CSOCK_NAME once, at its first use in a process: start the first daemon before
any driver runs. The socket's path is one symbolic link a process, so it survives restarts and later daemons; only the
daemon started last is reached, so do not keep two running in one process.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Self

FRIENDLY = "Virtual PCD"
DRIVER = Path("/usr/lib/pcsc/drivers/serial/libifdvpcd.so")
SCRIPT = "mount -t tmpfs none /run && mkdir -m 755 /run/pcscd && exec pcscd --foreground --error --config {}"


def missing() -> str:
    """What this machine lacks for a pcscd of its own, in one line; empty where nothing is missing."""
    for program in ("pcscd", "unshare"):
        if _program(program) is None:
            return f"{program} is not installed"
    if not DRIVER.exists():
        return "vsmartcard-vpcd is not installed"
    try:
        import smartcard.scard  # noqa: F401, PLC0415 - only whether it is there
    except ImportError:
        return "pyscard is not installed"
    if _unshare() is None:
        return "neither root nor user namespaces: unshare -m is refused"
    return ""


def _program(name: str) -> str | None:
    return shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")


def _unshare() -> list[str] | None:
    for flags in (["-m"], ["-Urm"]):
        trial = [str(_program("unshare")), *flags, "mount", "-t", "tmpfs", "none", "/run"]
        if subprocess.run(trial, capture_output=True, check=False).returncode == 0:  # noqa: S603 - fixed words
            return trial[:2]
    return None


def socket_path() -> Path:
    """Where this process's clients find the service."""
    return Path(tempfile.gettempdir()) / f"kiosk-pcscd-{os.getpid()}" / "comm"


def free_pair() -> int:
    """A port that is free together with its successor: the virtual reader opens one for each of its two slots."""
    for _ in range(50):
        with contextlib.suppress(OSError), socket.socket() as first, socket.socket() as second:
            first.bind(("0.0.0.0", 0))  # noqa: S104 - as the virtual reader does
            port = first.getsockname()[1]
            second.bind(("0.0.0.0", port + 1))  # noqa: S104 - as the virtual reader does
            return port
    raise RuntimeError("no two free ports in a row")


class PcscDaemon:
    """One pcscd with one virtual reader of two slots; ``port`` is the first slot's, ``port + 1`` the second's."""

    def __init__(self, *, readers: bool = True) -> None:
        self.port = free_pair()
        self.readers = readers
        self.beside = ""
        """Lines of one more reader, for a test that brings its own driver."""
        self._folder = socket_path().parent
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def environment(self) -> dict[str, str]:
        """What a child process needs in its environment to reach this service."""
        return {"PCSCLITE_CSOCK_NAME": str(socket_path())}

    @property
    def reader(self) -> str:
        """The name of the first slot."""
        return f"{FRIENDLY} 00 00"

    def start(self) -> None:
        """Start and wait until the service and its reader's port answer."""
        config = self._configure()
        unshare = _unshare()
        if unshare is None:
            raise RuntimeError(missing())
        environment = os.environ | {"PATH": f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"}
        command = [*unshare, "sh", "-c", SCRIPT.format(config)]
        self._process = subprocess.Popen(  # noqa: S603 - fixed words
            command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        self._link(self._process.pid)
        os.environ.update(self.environment)
        self._await()

    def stop(self) -> None:
        """End the service, as `systemctl stop pcscd` would."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(3)
        except subprocess.TimeoutExpired:  # it waits for a reader that is being talked to
            self._process.kill()
            self._process.wait(3)
        self._process = None

    def restart(self) -> None:
        """Stop and start on the same port and the same socket."""
        self.stop()
        self.start()

    def _configure(self) -> Path:
        config = self._folder / f"readers-{self.port}"
        config.mkdir(parents=True, exist_ok=True)
        channel = f"0x{self.port:04X}"
        lines = f'FRIENDLYNAME "{FRIENDLY}"\nDEVICENAME /dev/null:{channel}\nLIBPATH {DRIVER}\nCHANNELID {channel}\n'
        (config / "virtual").write_text((lines if self.readers else "# no reader\n") + self.beside)
        return config

    def _link(self, pid: int) -> None:
        link = socket_path()
        link.unlink(missing_ok=True)
        link.symlink_to(f"/proc/{pid}/root/run/pcscd/pcscd.comm")

    def _await(self) -> None:
        until = time.monotonic() + 10
        while time.monotonic() < until:
            if self._process is None or self._process.poll() is not None:
                raise RuntimeError("pcscd ended at its start")
            if socket_path().exists() and (not self.readers or _listens(self.port)):
                return
            time.sleep(0.02)
        raise RuntimeError("pcscd does not come up")

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        shutil.rmtree(self._folder, ignore_errors=True)


def _listens(port: int) -> bool:
    """True when somebody listens there; without connecting, for a connection would be taken for a card."""
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        with contextlib.suppress(OSError):
            for line in Path(table).read_text().splitlines()[1:]:
                columns = line.split()
                if columns[1].endswith(f":{port:04X}") and columns[3] == "0A":
                    return True
    return False
