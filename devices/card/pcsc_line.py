"""One open connection to a card through PC/SC, and what the codes of that service mean (reference/card.md §3.4)."""

from __future__ import annotations

import importlib
import time
from typing import Any

from devices.card import CardGone, CardSilent, Insertion
from devices.card.slots import counter_of
from devices.device import DeviceBusy, DeviceError, DeviceFault, DeviceMissing

CHANGED = 0x02
FAREWELL_MS = 1000
ACT_LIMIT = 20.0

OK = 0
UNKNOWN_READER = 0x80100009
TIMEOUT = 0x8010000A
SHARING_VIOLATION = 0x8010000B
REMOVED = frozenset({0x8010000C, 0x80100069, UNKNOWN_READER, 0x80100017, 0x80100068})
NO_SERVICE = frozenset({0x80100013, 0x8010001D, 0x8010001E, 0x80100003, 0x80100014})


class Line:
    """One open connection. Belongs to the thread that opened it."""

    def __init__(self, api: Any, context: Any, handle: Any, protocol: int, insertion: Insertion) -> None:
        self._api = api
        self._context = context
        self._handle = handle
        self.block_wise = protocol == api.SCARD_PROTOCOL_T1
        """True over T=1: contactless cards."""
        self._header = api.SCARD_PCI_T1 if self.block_wise else api.SCARD_PCI_T0
        self._insertion = insertion
        self._until = time.monotonic() + ACT_LIMIT

    def transmit(self, command: bytes) -> bytes:
        """One command through the service; the list built for it is wiped, for it may hold a PIN."""
        if time.monotonic() > self._until:
            raise CardSilent("the card is too slow")
        content = list(command)
        try:
            result, answer = self._api.SCardTransmit(self._handle, self._header, content)
        finally:
            content[:] = [0] * len(content)
        if code_of(result) == OK and answer:
            return bytes(answer)
        raise why(self._api, self._context, self._insertion, code_of(result))

    def control(self, code: int, content: bytes) -> bytes:
        """One command to the reader itself (SCardControl), for its pad; the card's errors as for a transmit."""
        result, answer = self._api.SCardControl(self._handle, code, list(content))
        if code_of(result) == OK:
            return bytes(answer)
        raise why(self._api, self._context, self._insertion, code_of(result))


def library() -> Any:
    """The raw calls of pyscard; DeviceMissing where it is not installed."""
    try:
        return importlib.import_module("smartcard.scard")
    except ImportError as error:
        raise DeviceMissing("pyscard not installed") from error


def code_of(result: int) -> int:
    """A result of the library as the unsigned number it is known by."""
    return result & 0xFFFFFFFF


def established(api: Any) -> Any:
    """A context of one's own; DeviceMissing where no service runs."""
    result, context = api.SCardEstablishContext(api.SCARD_SCOPE_USER)
    if code_of(result) != OK:
        raise service_error(code_of(result))
    return context


def service_error(code: int) -> DeviceError:
    """What a code means that says nothing of a card."""
    if code in NO_SERVICE:
        return DeviceMissing(f"no PC/SC service ({code:08X})")
    return DeviceFault(f"PC/SC {code:08X}")


def card_error(code: int) -> DeviceError:
    """What a code means that a call about a card gave."""
    if code in REMOVED:
        return CardGone(f"no card ({code:08X})")
    if code == SHARING_VIOLATION:
        return DeviceBusy("another program holds the card")
    if code in NO_SERVICE:
        return service_error(code)
    return CardSilent(f"the card does not answer ({code:08X})")


def why(api: Any, context: Any, insertion: Insertion, code: int) -> DeviceError:
    """A pulled card first looks like a dead one: wait until the reader has looked at its slot again."""
    error = card_error(code)
    if not isinstance(error, CardSilent):
        return error
    known = 0
    for patience in (0, FAREWELL_MS):
        result, found = api.SCardGetStatusChange(context, patience, [(insertion.reader, known)])
        if code_of(result) not in (OK, TIMEOUT):
            return card_error(code_of(result))
        known = found[0][1] & ~CHANGED
        if counter_of(known, 0) != insertion.counter & 0xFFFF:
            return CardGone("pulled")
    return error
