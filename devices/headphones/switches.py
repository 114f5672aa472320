"""The bits of a Linux input device that say whether a plug is in. Pure.

Source: the kernel's include/uapi/linux/input-event-codes.h and asm-generic/ioctl.h.
"""

from __future__ import annotations

HEADPHONE_INSERT = 0x02
"""SW_HEADPHONE_INSERT."""
SWITCH_BYTES = 8
"""Room for 64 switches; there are 17."""
_READ, _INPUT, _GET_SWITCHES = 2, ord("E"), 0x1B
GET_SWITCHES = _READ << 30 | SWITCH_BYTES << 16 | _INPUT << 8 | _GET_SWITCHES
"""EVIOCGSW(8), as most processors number it (x86, ARM, LoongArch, RISC-V)."""


def plug_is_in(bits: bytes) -> bool:
    """Whether the switch of the headphones is on, in what EVIOCGSW gave (bit 0 of byte 0 is switch 0)."""
    at = HEADPHONE_INSERT // 8
    return len(bits) > at and bool(bits[at] >> HEADPHONE_INSERT % 8 & 1)


def has_jack(capabilities: str) -> bool:
    """Whether a device has the switch at all, by the text of its ``capabilities/sw`` in /sys (words of hex)."""
    try:
        words = [int(word, 16) for word in capabilities.split()]
    except ValueError:
        return False
    return bool(words) and bool(words[-1] >> HEADPHONE_INSERT & 1)
