"""From a receipt to the bytes that go to the printer: 40 lines of Chinese and a QR code, drawn and packed."""

from __future__ import annotations

import time

from bench.figure import Figure, p50, p95
from bench.town import Town
from devices.printer import Line, Pair, Qr, Receipt, Text
from devices.printer.commands import job_of
from devices.printer.raster import DOTS_58_MM, DOTS_80_MM, draw
from devices.printer.typeface import Typeface, open_typeface

LINES = 40
RECEIPTS = 40
FIRST = 0x4E00
STRIDE = 97
CODE = "HALL1.RZ.20260310." + "A1b2C3d4" * 10


def receipt_of(run: int) -> Receipt:
    """40 lines as a hall prints them, other characters every time: nothing is measured that was drawn before."""

    def words(line: int, length: int) -> str:
        return "".join(chr(FIRST + (run * 7919 + line * STRIDE + place * 31) % 20000) for place in range(length))

    lines: list[Line] = [
        Text(words(line, 18)) if line % 2 else Pair(words(line, 5), words(line, 11)) for line in range(LINES)
    ]
    return Receipt(f"bench-{run}", (*lines, Qr(CODE, "手机扫一扫，核对这张凭条")))


def seconds_of(run: int, width: int, face: Typeface) -> tuple[float, int]:
    """Time from the receipt to all its bytes, and how many they are."""
    receipt = receipt_of(run)
    began = time.perf_counter()
    job = b"".join(job_of(draw(receipt, width, face), report=True))
    return time.perf_counter() - began, len(job)


def figures(_town: Town) -> list[Figure]:
    """On 80 mm; on 58 mm, in processor time, and the very first one behind it."""
    began = time.perf_counter()
    face = open_typeface()
    seconds_of(0, DOTS_80_MM, face)
    first = 1000 * (time.perf_counter() - began)
    spent = time.process_time()
    wide = [seconds_of(run, DOTS_80_MM, face) for run in range(1, RECEIPTS + 1)]
    spent = 1000 * (time.process_time() - spent) / RECEIPTS
    narrow = [seconds_of(run, DOTS_58_MM, face)[0] for run in range(1, RECEIPTS + 1)]
    times = [1000 * seconds for seconds, _ in wide]
    behind = (
        f"p95 {p95(times):.0f} ms, {spent:.0f} ms of processor time, {wide[0][1] / 1000:.0f} kB; "
        f"58 mm {1000 * p50(narrow):.0f} ms; the first after the start, its typeface opened, {first:.0f} ms"
    )
    return [Figure("receipt (40 lines Chinese + QR): bytes ready to send, p50 of 40", p50(times), "ms", 120.0, behind)]
