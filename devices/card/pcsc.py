"""Card readers of the PC/SC kind, on the raw calls of the library (reference/card.md §3.4).

pyscard's own monitor dies for good when the service restarts, so the loop here is ours: it drops its context on any
error but a time-out and starts anew. pyscard is imported when the reader is first attended to.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from devices.card import CardEvent, CardGone, CardRemoved, Chip, Insertion, ReaderVirtual
from devices.card.chip import ApduChip
from devices.card.pcsc_line import (
    CHANGED,
    OK,
    SHARING_VIOLATION,
    TIMEOUT,
    UNKNOWN_READER,
    Line,
    card_error,
    code_of,
    established,
    library,
    service_error,
    why,
)
from devices.card.pcsc_pad import pad_of
from devices.card.pin_pad import PadEntry
from devices.card.slots import Occupant, chosen, counter_of, is_virtual, looked_into, note, occupant_of, settle
from devices.card.tapped import tapped
from devices.device import DeviceError, DeviceMissing, HealthBoard
from devices.tap import NO_TAP, Tap

ROUND_MS = 1000
PLUG_AND_PLAY = "\\\\?PnP?\\Notification"
RETRIES = 5
RETRY_PAUSE = 0.06

CANCELLED = 0x80100002
NO_READERS = 0x8010002E


class PcscReader:
    """A CardReader behind pcscd or Windows' own service; see the protocol for what its methods promise.

    ``name_filter`` is a part of the reader's name, None for any. SAM slots and PSAMs are passed over. Of several
    readers one at a time is served: a card in a second one is reported when the first is empty. ``pad``: how PINs are
    typed on the reader's own keys, None where these are not used (they do not face the resident). ``real_only``:
    readers made of software are passed over, and where there is no other, that is the fault.
    """

    def __init__(
        self,
        name_filter: str | None,
        board: HealthBoard,
        listener: Callable[[CardEvent], None],
        tap: Tap = NO_TAP,
        pad: PadEntry | None = None,
        *,
        real_only: bool = False,
    ) -> None:
        self.name = f"pcsc:{name_filter or ''}"
        self.board = board
        self.listener = listener
        self.tap = tap
        self._filter = name_filter
        self._pad = pad
        self._real_only = real_only
        self._api: Any = None
        self._context: Any = None
        self._states: dict[str, int] = {}
        self._first: dict[str, int] = {}
        self._passed_over: list[str] = []
        self._reported: Occupant | None = None
        self._life = 0

    # --- watching: only in the reader's own thread ---

    def attend(self, stop: threading.Event) -> None:
        """Wait up to a second for a card, a removal or a reader, and report it at once.

        DeviceMissing when there is no service (a card that was in is reported as removed first). A machine without
        reader is shown as MISSING on the board and waited for, so that a reader plugged in again is found at once.
        """
        try:
            self._round()
        except DeviceError:
            self._lose()
            raise
        finally:
            if stop.is_set():
                self._release()

    def close(self) -> None:
        """End the wait of the thread that attends; it gives the context back itself."""
        if self._context is not None:
            self._api.SCardCancel(self._context)

    def _round(self) -> None:
        context = self._open()
        readers = self._readers(context)
        if readers:
            self.board.learned(reader=", ".join(readers))
            self.board.ready()
        elif not self._passed_over:
            self.board.failed(DeviceMissing(f"no card reader {self._filter or ''}"))
        else:
            self.board.failed(ReaderVirtual(f"made of software: {', '.join(self._passed_over)}"))
        asked = [(name, self._states.get(name, 0)) for name in (*readers, PLUG_AND_PLAY)]
        result, found = self._api.SCardGetStatusChange(context, ROUND_MS, asked)
        if code_of(result) in (CANCELLED, UNKNOWN_READER):
            return  # the next round lists the readers anew
        if code_of(result) not in (OK, TIMEOUT):
            raise service_error(code_of(result))
        self._note(found)

    def _note(self, found: list[tuple[str, int, list[int]]]) -> None:
        seen = [occupant_of(name, state, bytes(atr), self._life) for name, state, atr in found if name != PLUG_AND_PLAY]
        self._states = {name: state & ~CHANGED for name, state, _ in found}
        looked = {name: counter_of(state, self._life) for name, state, _ in found if looked_into(state)}
        self._first = {name: self._first.get(name, counter) for name, counter in looked.items()}
        self._report([occupant for occupant in seen if occupant is not None])

    def _report(self, seen: list[Occupant]) -> None:
        events, self._reported = settle(self._reported, seen, self._first, self._first)
        for event in events:
            note(self.board, event)
            self.listener(event)

    def _open(self) -> Any:
        if self._api is None:
            self._api = library()
        if self._context is None:
            self._context = established(self._api)
            self._states, self._first = {}, {}
            self._life += 1
        return self._context

    def _readers(self, context: Any) -> list[str]:
        result, names = self._api.SCardListReaders(context, [])
        if code_of(result) == NO_READERS:
            self._passed_over = []
            return []
        if code_of(result) != OK:
            raise service_error(code_of(result))
        found = chosen(names, self._filter)
        self._passed_over = [name for name in found if self._real_only and is_virtual(name)]
        return [name for name in found if name not in self._passed_over]

    def _lose(self) -> None:
        self._release()
        if self._reported is not None:
            reader, self._reported = self._reported.reader, None
            self.listener(CardRemoved(reader, lost=True))

    def _release(self) -> None:
        if self._context is not None:
            self._api.SCardReleaseContext(self._context)
            self._context = None

    # --- talking: in any thread ---

    @contextmanager
    def connect(self, insertion: Insertion) -> Iterator[Chip]:
        """Open the card of this insertion exclusively for one act; unpowered (PIN and rights forgotten) at the end.

        CardGone, DeviceBusy, CardSilent, DeviceMissing. An act has 20 seconds between its first and last command; a
        single call that hangs inside the service cannot be cancelled from here: the worker that calls this needs
        its own limit, and pulling the card ends the call.
        """
        reported = self._reported
        if reported is None or reported.insertion != insertion:
            raise CardGone("this insertion is over")
        context = established(self._api)
        try:
            handle, protocol = self._grip(context, insertion)
            try:
                self._same(context, insertion)
                line = Line(self._api, context, handle, protocol, insertion)
                pad = pad_of(self._api, line, self._pad) if self._pad else None
                with tapped(line.transmit, self.tap, insertion.atr) as transmit:
                    yield ApduChip(transmit, insertion.atr, pad, block_wise=line.block_wise)
            finally:
                self._api.SCardDisconnect(handle, self._api.SCARD_UNPOWER_CARD)
        finally:
            self._api.SCardReleaseContext(context)

    def _grip(self, context: Any, insertion: Insertion) -> tuple[Any, int]:
        api = self._api
        protocols = api.SCARD_PROTOCOL_T0 | api.SCARD_PROTOCOL_T1
        for _ in range(RETRIES):
            result, handle, protocol = api.SCardConnect(context, insertion.reader, api.SCARD_SHARE_EXCLUSIVE, protocols)
            if code_of(result) != SHARING_VIOLATION:
                break
            time.sleep(RETRY_PAUSE)
        if code_of(result) != OK:
            raise why(api, context, insertion, code_of(result))
        return handle, protocol

    def _same(self, context: Any, insertion: Insertion) -> None:
        result, found = self._api.SCardGetStatusChange(context, 0, [(insertion.reader, 0)])
        if code_of(result) not in (OK, TIMEOUT):
            raise card_error(code_of(result))
        if counter_of(found[0][1], self._life) != insertion.counter:
            raise CardGone("another card is in the slot")
