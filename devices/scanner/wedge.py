"""Does a USB device type like a keyboard? Asked of the kernel's list of input devices (/sys), where there is one.

What can be known: a device of these USB numbers that the kernel takes for a keyboard. What cannot: a scanner that was
not plugged in when asked, one that is a keyboard and a serial port at once (the port is used, and setting codes are
switched off where the family allows it), one that sends reports which are no keyboard's (HID-POS), or anything on a
system without /sys.
"""

from __future__ import annotations

from pathlib import Path

from devices.device import DeviceError
from devices.port import USB, find_port
from devices.scanner.address import NO_KEYBOARD

SYSTEM = Path("/sys/class/input")
DIGITS_AND_ENTER = (*range(2, 12), 28)
"""KEY_1 to KEY_0 and KEY_ENTER of the kernel's input-event codes: a mouse or a button box has none of them."""
BITS_A_WORD = 64


def types(url: str, system: Path = SYSTEM) -> bool:
    """True where ``usb:VID:PID…`` names no serial port and a keyboard of these numbers is plugged in."""
    if not url.lower().startswith(USB):
        return False
    vendor, product = url[len(USB) :].split(":")[:2]
    try:
        find_port(url)
    except DeviceError:
        return any(_types(device, int(vendor, 16), int(product, 16)) for device in sorted(system.glob("input*")))
    return False


def refuse_keyboard(url: str, system: Path = SYSTEM) -> None:
    """ValueError, with the reason, where ``url`` names a scanner that types."""
    if types(url, system):
        raise ValueError(f"{url} presents itself as a keyboard: {NO_KEYBOARD}")


def _types(device: Path, vendor: int, product: int) -> bool:
    numbers = (_number(device / "id" / "vendor"), _number(device / "id" / "product"))
    return numbers == (vendor, product) and all(_keys(device) >> key & 1 for key in DIGITS_AND_ENTER)


def _number(file: Path) -> int:
    try:
        return int(file.read_text(encoding="ascii").strip() or "0", 16)
    except (OSError, ValueError):
        return -1


def _keys(device: Path) -> int:
    """The keys it has, as one number of many bits; the kernel writes words, the highest first."""
    try:
        words = (device / "capabilities" / "key").read_text(encoding="ascii").split()
        return int("".join(word.rjust(BITS_A_WORD // 4, "0") for word in words) or "0", 16)
    except (OSError, ValueError):
        return 0
