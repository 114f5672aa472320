"""What goes wrong with finger (K-2xx) and paper (K-3xx), and what each error of any device means."""

from __future__ import annotations

from devices.device import (
    DeviceBusy,
    DeviceError,
    DeviceFault,
    DeviceGarbled,
    DeviceHangs,
    DeviceMissing,
    DeviceSilent,
)
from devices.fingerprint import NotOffered, NoUsableFinger, TemplateRefused
from devices.printer import CoverOpen, OutOfInk, OutOfPaper, PrinterJam
from kiosk.card_errors import OF_CARD, OF_READER
from kiosk.errors import KioskError
from kiosk.identification_errors import OF_ID_READER, OF_IDENTIFICATION, OF_SCANNER
from kiosk.voice_errors import OF_JACK


class SensorAway(KioskError):
    """No fingerprint sensor."""

    code, words, next_step = "K-201", "指纹机没有连上。", "可以请工作人员见证办理。"
    hint = "Check the sensor's cable."


class SensorFaulty(KioskError):
    """The sensor answers nonsense or reports a fault."""

    code, words, next_step = "K-202", "指纹机出了点问题。", "可以请工作人员见证办理。"
    hint = "Unplug the sensor, wait three seconds, plug it in."


class TemplateUnusable(KioskError):
    """The enrolled finger does not fit this sensor."""

    code, words, next_step = "K-203", "您登记的指纹在这台机器上用不了。", "可以请工作人员见证办理。"
    hint = "The template has another size or format; enrol again at the counter."


class SensorCannot(KioskError):
    """What was asked is not among the things this sensor does."""

    code, words, next_step = "K-204", "这台指纹机做不了这一项。", "可以请工作人员见证办理。"
    hint = "The model or its protocol does not offer it (the log names what); another sensor may."


class FingerUnusable(KioskError):
    """No finger came, or none that could be used."""

    code, words, next_step = "K-205", "没有取到清楚的指纹。", "请擦干净手指，再按一次。"
    hint = "The sensor is well. Wipe its glass; try another finger."


class SensorHangs(KioskError):
    """A call to the sensor never came back."""

    code, words, next_step = "K-209", "指纹机没有反应。", "可以请工作人员见证办理。"
    hint = "Its driver was started anew. Again and again: unplug the sensor, plug it in, restart this program."


class NoPaper(KioskError):
    """The roll or the tray is empty."""

    code, words, next_step = "K-301", "打印纸用完了，办理结果不受影响。", "请工作人员换纸后再打印。"
    hint = "Put in a new roll; the A4 printer: fill its tray."


class PrinterOpen(KioskError):
    """The cover stands open."""

    code, words, next_step = "K-302", "打印机盖子没有关好，办理结果不受影响。", "请工作人员关好后再打印。"
    hint = "Close the cover until it clicks."


class PrinterStuck(KioskError):
    """Cutter or head fault."""

    code, words, next_step = "K-303", "打印机卡住了，办理结果不受影响。", "请工作人员看一下。"
    hint = "Open, remove the paper, close, switch off and on."


class PrinterAway(KioskError):
    """No printer, or silent."""

    code, words, next_step = "K-304", "打印机没有连上，办理结果不受影响。", "请抄下编号，或找工作人员。"
    hint = "Check power and cable of the printer."


class NoInk(KioskError):
    """The A4 printer's toner or ink is used up."""

    code, words, next_step = "K-305", "打印机没有墨了，办理结果不受影响。", "请工作人员换墨后再打印。"
    hint = "Put in a new cartridge. Receipts need none."


class PrinterHangs(KioskError):
    """A call to the printer never came back."""

    code, words, next_step = "K-309", "打印机没有反应，办理结果不受影响。", "请抄下编号，或找工作人员。"
    hint = "Its driver was started anew. Again and again: switch the printer off and on, restart this program."


_OF_DEVICE: tuple[tuple[type[DeviceError], type[KioskError]], ...] = (
    *OF_CARD,
    (TemplateRefused, TemplateUnusable),
    (NotOffered, SensorCannot),
    (NoUsableFinger, FingerUnusable),
    (OutOfPaper, NoPaper),
    (OutOfInk, NoInk),
    (CoverOpen, PrinterOpen),
    (PrinterJam, PrinterStuck),
    *OF_IDENTIFICATION,
)
"""Errors that belong to one kind of device, whoever raised them."""

_OF_KIND: dict[str, tuple[tuple[type[DeviceError], type[KioskError]], ...]] = {
    "card": OF_READER,
    "fingerprint": ((DeviceMissing, SensorAway), (DeviceHangs, SensorHangs), (DeviceError, SensorFaulty)),
    "printer": (
        (DeviceMissing, PrinterAway), (DeviceSilent, PrinterAway), (DeviceHangs, PrinterHangs),
        (DeviceError, PrinterStuck),
    ),
    "page_printer": (
        (DeviceMissing, PrinterAway), (DeviceSilent, PrinterAway), (DeviceHangs, PrinterHangs),
        (DeviceError, PrinterStuck),
    ),
    "id_card": OF_ID_READER,
    "scanner": OF_SCANNER,
    "headphones": OF_JACK,
}  # fmt: skip
"""General errors, by the kind of device that raised them; the last row of each catches the rest."""

GENERAL_ERRORS = (DeviceMissing, DeviceBusy, DeviceSilent, DeviceGarbled, DeviceFault, DeviceHangs)


def trouble_of(error: type[DeviceError], kind: str) -> type[KioskError]:
    """What a device error of ``kind`` ("card", "fingerprint", "printer") means; total by test."""
    for device_error, kiosk_error in (*_OF_DEVICE, *_OF_KIND[kind]):
        if issubclass(error, device_error):
            return kiosk_error
    raise AssertionError(f"no code for {error!r}")


def error_of(error: DeviceError, kind: str) -> KioskError:
    """The kiosk's error for a device error of ``kind``."""
    return trouble_of(type(error), kind)(str(error))


def every_error() -> list[type[KioskError]]:
    """The whole catalogue, by code: these and those of kiosk/errors.py."""
    return sorted(kinds_of(KioskError), key=lambda error: error.code)


def kinds_of(error: type[KioskError]) -> set[type[KioskError]]:
    """Every kind of an error, however deep."""
    return {found for child in error.__subclasses__() for found in {child} | kinds_of(child)}
