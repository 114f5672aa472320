"""Card readers behind a library of their maker: the national interface SSCardDriver (reference/card.md §2.3, §2.4).

The interface tells nothing by itself: whether a card is in the slot is asked again and again, by reading it. It gives
no answer to reset and cannot unpower a card; what the library does with rights and PINs after a call is its own affair.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial

from devices.card import CardEvent, CardGone, CardInserted, CardMute, CardRemoved, Chip, Insertion
from devices.card.card_address import VendorAddress
from devices.card.slots import note
from devices.card.vendor import codes as vendor_codes
from devices.card.vendor import fields as vendor_fields
from devices.card.vendor.chip import Known, VendorChip
from devices.card.vendor.library import CHANGE_PIN, READ, VERIFY_PIN, CallThread, Said, SscardLibrary
from devices.device import DeviceBusy, DeviceError, HealthBoard
from devices.tap import NO_TAP, Tap

log = logging.getLogger(__name__)

REST_SECONDS = 0.5
"""Between two looks into the slot: each of them reads the card."""
ANY = ""
LOCKED = "locked"


@dataclass(frozen=True)
class _Occupant:
    """What one look found. ``card``: 卡识别码, LOCKED, or ANY for a card that could not be read this time."""

    counter: int
    card: str
    mute: bool
    known: Known = field(default_factory=Known, compare=False)

    def may_be(self, other: _Occupant) -> bool:
        return self.mute is other.mute and (self.card == other.card or ANY in (self.card, other.card))


class VendorReader:
    """A CardReader; see the protocol for what its methods promise. One act or one look at a time."""

    def __init__(
        self,
        address: VendorAddress,
        board: HealthBoard,
        listener: Callable[[CardEvent], None],
        tap: Tap = NO_TAP,
        *,
        rest_seconds: float = REST_SECONDS,
    ) -> None:
        self.name = f"vendor:{address.library}"
        self.board = board
        self.listener = listener
        self.tap = tap
        self._address = address
        self._call_seconds = address.seconds
        self._rest_seconds = rest_seconds
        self._library: SscardLibrary | None = None
        self._thread = CallThread("vendor-library")
        self._talking = threading.Lock()
        self._reported: _Occupant | None = None
        self._counter = time.monotonic_ns() // 1_000_000  # so that no two lives of a driver count alike
        self._opening = True
        self._reason = ""

    # --- watching: only in the reader's own thread ---

    def attend(self, stop: threading.Event) -> None:
        """Look into the slot, report what changed, and rest (half a second).

        While an act talks to the card nobody looks. A library that cannot be used, does not come back or has lost its
        reader is raised; a card that was in is reported as removed first, for nobody knows whether it still is.
        """
        try:
            self._look()
        except DeviceError as error:
            self._lose(error)
            raise
        self._reason = ""
        stop.wait(self._rest_seconds)

    def close(self) -> None:
        """Nothing to give back: the interface knows no end."""

    def _look(self) -> None:
        if not self._talking.acquire(blocking=False):
            return
        try:
            said = self._ask(READ)
        finally:
            self._talking.release()
        if said.code in vendor_codes.NO_WORD_OF_A_CARD:
            raise vendor_codes.error_of(said.code)
        self.board.ready()
        self._settle(self._found(said))
        self._opening = False

    def _found(self, said: Said) -> _Occupant | None:
        if said.code == vendor_codes.NO_CARD:
            return None
        if said.code in vendor_codes.MUTE_CARD:
            return _Occupant(self._counter + 1, ANY, mute=True)
        card = LOCKED if said.code in vendor_codes.ASK_THE_KEY_SERVICE else ANY
        if said.code == vendor_codes.DONE:
            try:
                card = vendor_fields.identification_in(said.content)
            except DeviceError:
                card = ANY  # said when it is read
        return _Occupant(self._counter + 1, card, mute=False)

    def _settle(self, found: _Occupant | None) -> None:
        reported = self._reported
        if reported is not None and (found is None or not reported.may_be(found)):
            self._reported = reported = None
            self._tell(CardRemoved(self.name))
        if reported is None and found is not None:
            self._counter, self._reported = found.counter, found
            self._tell(CardMute(self.name) if found.mute else CardInserted(self._insertion(found), self._opening))
        elif reported is not None and found is not None and reported.card == ANY:
            self._reported = replace(reported, card=found.card)

    def _tell(self, event: CardEvent) -> None:
        note(self.board, event)
        self.listener(event)

    def _insertion(self, occupant: _Occupant) -> Insertion:
        return Insertion(self.name, b"", occupant.counter)

    def _lose(self, error: DeviceError) -> None:
        if str(error) != self._reason:
            log.warning("card reader: %s", error)
        self._reason = str(error)
        self._opening = True
        if self._reported is not None:
            self._reported = None
            self._tell(CardRemoved(self.name, lost=True))

    # --- talking: in any thread ---

    @contextmanager
    def connect(self, insertion: Insertion) -> Iterator[Chip]:
        """The card of this insertion for one act: nobody looks into the slot meanwhile.

        CardGone, DeviceBusy. The chip reads 卡识别码 again before an act, for the library cannot tell cards apart.
        """
        self._standing(insertion)
        if not self._talking.acquire(timeout=self._call_seconds):
            raise DeviceBusy("somebody else talks to the card")
        try:
            reported = self._standing(insertion)
            pad = self._address.pad and self._offers(VERIFY_PIN)
            yield VendorChip(self._ask, reported.known, pad=pad, change=self._offers(CHANGE_PIN))
        finally:
            self._talking.release()

    def _standing(self, insertion: Insertion) -> _Occupant:
        """The occupant of this insertion; CardGone when it is over."""
        reported = self._reported
        if reported is None or self._insertion(reported) != insertion:
            raise CardGone("this insertion is over")
        return reported

    def _offers(self, function: str) -> bool:
        return self._library is not None and self._library.offers(function)

    def _ask(self, function: str, argument: bytes | None = None, seconds: float | None = None) -> Said:
        """One call. The tap hears its name, its code and how long each field was: never what stood in them."""
        given = self._address.slot if argument is None else argument
        self.tap.sent(function.encode("ascii"))
        said = self._thread.ask(partial(self._call, function, given), seconds or self._call_seconds)
        lengths = " ".join(str(len(one)) for one in said.content.split(vendor_fields.BAR))
        self.tap.came(f"{said.code} {lengths}".encode("ascii"))
        return said

    def _call(self, function: str, given: int | bytes) -> Said:
        """In the library's thread, which loads it too: its own start may hang as well."""
        if self._library is None:
            self._library = self._load()
        return self._library.call(function, given)

    def _load(self) -> SscardLibrary:
        library = SscardLibrary(self._address.library)
        functions = ", ".join(name for name in (READ, VERIFY_PIN, CHANGE_PIN) if library.offers(name))
        self.board.learned(model="SSCardDriver", reader=self._address.library, functions=functions)
        return library
