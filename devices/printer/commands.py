"""The ESC/POS commands a receipt needs, and no other (reference/serial-devices.md §3.1). Pure.

There is no command here that opens a cash drawer (ESC p, DLE DC4): kiosk printers wire other things to that pin.
"""

from __future__ import annotations

from collections.abc import Iterator

from PIL import Image, ImageChops

from devices.printer.address import CutWay

INITIALISE = b"\x1b\x40"
CUTS = {
    CutWay.PARTIAL: b"\x1d\x56\x42\x60",  # 12 mm on, then a partial cut: the slip hangs until it is taken
    CutWay.FULL: b"\x1d\x56\x41\x60",  # the same with a full cut: it falls, or a presenter holds it
    CutWay.NONE: b"\x1b\x4a\xa0",  # 20 mm on, past the tear bar
}
FORGET = b"\x10\x05\x02"  # DLE ENQ 2: drop what was not printed, so that the next resident never gets it
ASK_END = b"\x1d\x72\x01"  # GS r 1, queued: answered when everything before it is on paper
ASK_FULL_STATUS = b"\x10\x04\x14"  # DLE EOT 20, real time: kiosk printers with a ticket sensor
REPORT = b"\x1d\x61\x0e"  # GS a: report by yourself when on-line state, error or paper changes; not the drawer
REPORT_NOTHING = b"\x1d\x61\x00"
QUESTIONS = (1, 2, 3, 4)
NAMES = {"model": 67, "firmware": 65}
BAND = 64


def ask(question: int) -> bytes:
    """DLE EOT n."""
    return bytes((0x10, 0x04, question))


def ask_name(number: int) -> bytes:
    """GS I n, queued: the printer says its model (67) or firmware (65) as text."""
    return bytes((0x1D, 0x49, number))


def job_of(image: Image.Image, cut: CutWay = CutWay.PARTIAL, *, report: bool = False) -> Iterator[bytes]:
    """The commands that print a picture of mode "1" (black is 0, width a multiple of 8) and cut the paper.

    One command a piece. ``report``: turn automatic status back on again, which the reset at the start turned off.
    """
    yield INITIALISE
    if report:
        yield REPORT
    across = image.width // 8
    for top in range(0, image.height, BAND):
        rows = min(BAND, image.height - top)
        band = ImageChops.invert(image.crop((0, top, image.width, top + rows)))
        yield b"\x1d\x76\x30\x00" + across.to_bytes(2, "little") + rows.to_bytes(2, "little") + band.tobytes()
    yield CUTS[cut]
