"""An ID-card reader that is not there: it answers the frames of a SAM_V module byte for byte.

Written from the protocol (reference/card.md §4, V9) and sharing nothing with the driver, so that each checks the other.
It knows no port: ``devices.simulated_ports`` puts it behind a socket or a pseudo-terminal.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace

from devices.id_card.simulated_cards import WrittenCard
from devices.id_card.simulated_faults import IdReaderFault, spoiled
from devices.simulated_ports import Answer

START = b"\xaa\xaa\xaa\x96\x69"
DONE, FOUND = 0x90, 0x9F
LONGEST_STATUS = 16
MODULE_NUMBER = bytes.fromhex("05020100D6063501E8030000112233AA")
PHOTO, FINGERPRINTS = bytes(1024), b"F" * 1024
OUT_OF_ORDER: dict[IdReaderFault | None, int] = {IdReaderFault.SELF_TEST_FAILED: 0x60, IdReaderFault.UNAUTHORISED: 0x66}
ODD_CARDS: dict[IdReaderFault | None, int] = {IdReaderFault.FOREIGN_CARD: 0x40, IdReaderFault.STRANGE_STATUS: 0x55}
BROKEN_NUMBER = "639900199001010021"


@dataclass(frozen=True)
class ModuleModel:
    """What kind of module it is. ``finds_again``: it finds a card that was read and never lifted.

    ``old_reset``: knows 01 and not 10. ``sends_fingerprints``: three blocks where two were asked for. ``late_text``:
    all that is longer than a status comes ``late_seconds`` after it was asked for.
    """

    finds_again: bool = False
    old_reset: bool = False
    sends_fingerprints: bool = False
    written_at_once: int = 0
    late_text: bool = False
    late_seconds: float = 2.0


class SimulatedIdReader:
    """A module and the card on it. Safe from any thread: the dock lays cards down, the port asks.

    ``answered``: each command (two bytes) with the status it got.
    """

    greeting = b""

    def __init__(self, model: ModuleModel | None = None) -> None:
        self.model = model or ModuleModel()
        self._lock = threading.Lock()
        self._card: WrittenCard | None = None
        self._fault: IdReaderFault | None = None
        self.answered: list[tuple[bytes, int]] = []
        self._orders: dict[bytes, Callable[[], tuple[int, bytes]]] = {
            b"\x10\xff": self._reset,
            b"\x01\xff": self._reset_old,
            b"\x11\xff": self._status,
            b"\x12\xff": lambda: (DONE, MODULE_NUMBER),
            b"\x20\x01": self._find,
            b"\x20\x02": self._select,
            b"\x30\x01": self._read,
        }
        self.power_on()

    def power_on(self) -> None:
        """Forget what was asked half, and which card was found."""
        with self._lock:
            self._inbox = b""
            self._found = self._selected = self._done = False

    def lay(self, card: WrittenCard) -> None:
        """Put a card on the reader; one that lies there is taken off first."""
        with self._lock:
            self._card = card
            self._found = self._selected = self._done = False

    def lift(self) -> None:
        """Take the card off."""
        with self._lock:
            self._take_off()

    def _take_off(self) -> None:
        self._card = None
        self._found = self._selected = self._done = False

    def fail(self, fault: IdReaderFault) -> None:
        """Have a fault until mended."""
        with self._lock:
            self._fault = fault

    def mend(self) -> None:
        """End the fault."""
        with self._lock:
            self._fault = None

    @property
    def card(self) -> WrittenCard | None:
        """What lies on it."""
        return self._card

    @property
    def fault(self) -> IdReaderFault | None:
        """What is wrong with it now."""
        return self._fault

    @property
    def unplugged(self) -> bool:
        """True while the cable is out."""
        return self._fault is IdReaderFault.UNPLUGGED

    @property
    def written_at_once(self) -> int:
        """How many bytes it writes at once; 0: all."""
        return self.model.written_at_once

    def receive(self, wire: bytes) -> list[Answer]:
        """Take bytes from the host; what the module sends back, in order."""
        with self._lock:
            self._inbox += wire
            answers = []
            while (asked := self._next_request()) is not None:
                answers.append(self._answer(asked))
            return answers

    def _next_request(self) -> bytes | None:
        """The next whole request; bytes before its beginning are dropped."""
        begin = self._inbox.find(START)
        if begin < 0:
            self._inbox = self._inbox[-4:]
            return None
        request = self._inbox[begin:]
        size = 7 + int.from_bytes(request[5:7], "big")
        if len(request) < 7 or len(request) < size:  # noqa: PLR2004 - up to the length
            return None
        self._inbox = request[size:]
        return request[:size]

    def _answer(self, asked: bytes) -> Answer:
        code, content = self._obey(asked)
        frame = frame_of(code, content)
        fault = self._fault
        lags = fault is IdReaderFault.LATE_ANSWER or (self.model.late_text and len(content) > LONGEST_STATUS)
        late = self.model.late_seconds if lags else 0.0
        cut = fault is IdReaderFault.UNPLUGGED_MID_FRAME
        if cut:
            self._fault = IdReaderFault.UNPLUGGED
        return Answer(spoiled(fault, frame, asked), delay=late, hang_up=cut)

    def _obey(self, asked: bytes) -> tuple[int, bytes]:
        if checked(asked[5:-1]) != asked[-1]:
            return 0x10, b""
        if len(asked) != 10:  # noqa: PLR2004 - all requests known here are that long
            return 0x11, b""
        obeyed = self._orders.get(asked[7:9])
        code, content = obeyed() if obeyed else (0x21, b"")
        self.answered.append((asked[7:9], code))
        return code, content

    def _reset(self) -> tuple[int, bytes]:
        return (0x21, b"") if self.model.old_reset else self._status()

    def _reset_old(self) -> tuple[int, bytes]:
        return self._status() if self.model.old_reset else (0x21, b"")

    def _status(self) -> tuple[int, bytes]:
        return OUT_OF_ORDER.get(self._fault, DONE), b""

    @property
    def _in_reach(self) -> bool:
        """True where a card lies there that was not read yet, or the module does not mind."""
        return self._card is not None and (self.model.finds_again or not self._done)

    def _find(self) -> tuple[int, bytes]:
        if self._fault in OUT_OF_ORDER:
            return self._status()
        if not self._in_reach or (self._found and not self.model.finds_again):
            return 0x80, b""
        self._found = True
        return FOUND, bytes(4)

    def _select(self) -> tuple[int, bytes]:
        if not self._in_reach:
            return 0x81, b""
        if self._fault in ODD_CARDS:
            return ODD_CARDS[self._fault], b""
        self._selected = True
        return DONE, bytes(8)

    def _read(self) -> tuple[int, bytes]:
        if self._fault is IdReaderFault.GONE_MID_READ:
            self._take_off()
        if self._card is None or not self._selected or self._fault is IdReaderFault.READ_FAILED:
            return 0x41, b""
        if self._fault in OUT_OF_ORDER:
            return self._status()
        if self._fault is IdReaderFault.NO_CONTENT:
            return 0x91, b""
        self._selected, self._done = False, True
        return DONE, self._blocks(self._text_of(self._card))

    def _text_of(self, card: WrittenCard) -> bytes:
        match self._fault:
            case IdReaderFault.GARBLED_TEXT:
                return b"\x00\xdc" * 128
            case IdReaderFault.WRONG_NUMBER:
                return replace(card, number=BROKEN_NUMBER, born_on="19900101", sex="2").text
            case IdReaderFault.EXPIRED:
                return card.expired().text
            case _:  # the other faults are not the card's
                return card.text

    def _blocks(self, text: bytes) -> bytes:
        blocks = (text, PHOTO, FINGERPRINTS) if self.model.sends_fingerprints else (text, PHOTO)
        return b"".join(len(block).to_bytes(2, "big") for block in blocks) + b"".join(blocks)


def checked(covered: bytes) -> int:
    """The check byte over length and body."""
    folded = 0
    for byte in covered:
        folded ^= byte
    return folded


def frame_of(code: int, content: bytes) -> bytes:
    """An answer as the module sends it; the simulator's own, on purpose not the driver's."""
    covered = (len(content) + 4).to_bytes(2, "big") + bytes([0, 0, code]) + content
    return START + covered + bytes([checked(covered)])
