"""What is done with a device when a trace is recorded and when it is played: the same acts, told in the same words.

Every act ends in a conclusion: what the driver found, or the name of the error it raised, and how it stands afterwards.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from devices.card import Chip
from devices.card.key_service import KeyService
from devices.device import DeviceError, Supervised
from devices.fingerprint import FingerprintReader, FingerTemplate, Hint, MatchResult
from devices.id_card import IdCardReader
from devices.printer import Qr, Receipt, ReceiptPrinter, Text
from devices.scanner import CodeScanner

Conclusion = dict[str, str]

ROUNDS = 2
"""So many failing rounds of attention settle that a device does not get ready."""
ROUND_PAUSE = 0.1
SLIP = Receipt("20260302-1", (Text("凭条", size=2, centred=True), Text("示例"), Qr("https://example.invalid/1")))


def tried(act: Callable[[], Conclusion]) -> Conclusion:
    """What an act found, or the name of its error."""
    try:
        return act()
    except DeviceError as error:
        return {"error": type(error).__name__}


def get_ready(device: Supervised, patience: float = 30.0) -> Conclusion:
    """Attend until the device is ready, or settled that it does not get so."""
    stop, until, failed = threading.Event(), time.monotonic() + patience, 0
    while not device.board.health.ready and failed < ROUNDS and time.monotonic() < until:
        _round(device, stop)
        failed += not device.board.health.ready
        time.sleep(0 if device.board.health.ready else ROUND_PAUSE)
    return {} if device.board.health.ready else {"error": device.board.health.reason}


def look_again(device: Supervised) -> Conclusion:
    """One more round of attention, though the device was ready."""
    _round(device, threading.Event())
    return {} if device.board.health.ready else {"error": device.board.health.reason}


def _round(device: Supervised, stop: threading.Event) -> None:
    try:
        device.attend(stop)
    except DeviceError as error:
        device.board.failed(error)


def standing(device: Supervised) -> Conclusion:
    """How the device stands."""
    return {"health": str(device.board.health.state)}


# --- cards ---


def identity(chip: Chip, keys: KeyService | None) -> Conclusion:
    """Read the card."""

    def act() -> Conclusion:
        card = chip.identity(keys)
        return {
            "name": card.name, "number": card.social_security_no, "card": card.card_number, "version": card.version,
            "valid_until": str(card.valid_until), "proven": "yes" if card.proven else "no",
        }  # fmt: skip

    return tried(act)


def identification(chip: Chip) -> Conclusion:
    """Ask whether it is still the same card."""
    return tried(lambda: {"identification": chip.identification()})


def pin(chip: Chip, digits: str, new: str = "") -> Conclusion:
    """Offer a PIN, or change it."""

    def act() -> Conclusion:
        old = bytearray(digits.encode())
        outcome = chip.change_pin(old, bytearray(new.encode())) if new else chip.verify_pin(old)
        left = "" if outcome.tries_left is None else f", {outcome.tries_left} left"
        return {"pin": f"{outcome.result}{left}"}

    return tried(act)


# --- the others ---


def _hinted(_hint: Hint) -> None:
    """Nobody looks."""


def match(reader: FingerprintReader, template: FingerTemplate, seconds: float) -> Conclusion:
    """One try of one finger."""

    def act() -> Conclusion:
        result: MatchResult = reader.match(template, seconds, _hinted, threading.Event())
        return {"verdict": str(result.verdict), "hint": str(result.hint)}

    return tried(act)


def enrol(reader: FingerprintReader, captures: int, seconds: float) -> Conclusion:
    """A new template."""

    def act() -> Conclusion:
        made = reader.enrol(captures, seconds, _hinted, threading.Event())
        return {"template": f"{made.format}, {len(made.content)} bytes"}

    return tried(act)


def preview(reader: FingerprintReader, seconds: float) -> Conclusion:
    """One picture, measured."""

    def act() -> Conclusion:
        reader.preview(seconds, _hinted, threading.Event())
        return {"picture": "measured"}

    return tried(act)


def print_slip(printer: ReceiptPrinter) -> Conclusion:
    """One short slip."""

    def act() -> Conclusion:
        printer.print(SLIP)
        return {"slip": "printed"}

    return tried(act)


def read_id_card(reader: IdCardReader, seconds: float) -> Conclusion:
    """One resident ID card."""

    def act() -> Conclusion:
        card = reader.read(seconds, threading.Event())
        if card is None:
            return {"id_card": "none came"}
        return {
            "kind": str(card.kind), "name": card.name, "number": card.number, "born": str(card.born_on),
            "valid_until": str(card.valid_until),
        }  # fmt: skip

    return tried(act)


def scan(scanner: CodeScanner, seconds: float) -> Conclusion:
    """One code; of it nothing but its length."""

    def act() -> Conclusion:
        code = scanner.scan(seconds, threading.Event())
        return {"code": f"{code.length} characters" if code else "none came"}

    return tried(act)
