"""Consistent fakes: the same real value becomes the same invented one within one trace, and nobody can go back.

Pure but for the key, which is random, belongs to one trace and is never written down. What an invented value keeps of
the real one is what a driver looks at: its length, its form, whether its check digit is right, whether two values that
agreed still agree. Numbers carry the region 639900, which is nobody's (reference/card.md §6).
"""

from __future__ import annotations

import hashlib
import re
import secrets
from datetime import date, timedelta

REGION = "639900"
KEPT_REGIONS = ("810000", "820000", "830000")
"""Hong Kong, Macao, Taiwan: a driver tells residence permits by them, and they name no place."""
FOREIGNER = "990000"
"""The numbers of foreigners begin with 9."""
HAN = "测试样例甲乙丙丁戊己庚辛壬癸春夏秋冬东南西北松柏梅兰竹菊山川江河云岚星辰"
FOUR_BYTES = ("9933C336", "82328D37", "9534B235", "9835F336")
FIRST_DAY, DAYS = date(1940, 1, 1), 24_000
IMPOSSIBLE_DAY = "19001340"
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_DIGITS = "10X98765432"
NUMBER = re.compile(r"\d{17}[\dXx]")
DIGITS, CAPITALS, SMALL = b"0123456789", b"ABCDEFGHIJKLMNOPQRSTUVWXYZ", b"abcdefghijklmnopqrstuvwxyz"
ASCII_END, PRINTABLE, DELETE = 0x80, 0x20, 0x7F


class Fakes:
    """The invented values of one trace."""

    def __init__(self, key: bytes | None = None) -> None:
        self._key = key or secrets.token_bytes(32)
        self._other_sex = bool(self.stream(b"sex", "sex")[0] & 1)

    def stream(self, real: bytes, purpose: str = "bytes", length: int | None = None) -> bytes:
        """As many bytes, or ``length``, without any likeness to ``real``."""
        seed = hashlib.sha3_256(self._key + purpose.encode() + b"\0" + real).digest()
        return hashlib.shake_256(seed).digest(len(real) if length is None else length)

    # --- text ---

    def shape(self, real: bytes) -> bytes:
        """Digits for digits, letters for letters, ``*`` for other signs; control characters stay (line ends)."""
        dice = self.stream(real, "shape")
        return bytes(_alike(byte, die) for byte, die in zip(real, dice, strict=True))

    def han(self, real: bytes, count: int) -> str:
        """So many invented Chinese characters for a value."""
        return "".join(HAN[die % len(HAN)] for die in self.stream(real, "han", count))

    # --- people ---

    def day(self, real: str) -> str:
        """Another day as YYYYMMDD for a day; an impossible one for an impossible one."""
        try:
            date.fromisoformat(real)
        except ValueError:
            return IMPOSSIBLE_DAY
        number = int.from_bytes(self.stream(real.encode(), "day", 4))
        return (FIRST_DAY + timedelta(days=number % DAYS)).strftime("%Y%m%d")

    def sex(self, real: str) -> str:
        """1 and 2, changed about in half of all traces; anything else as it is, where it says nothing (0, 9)."""
        if real in ("1", "2"):
            return str(3 - int(real)) if self._other_sex else real
        return real if real in ("0", "9") else "0"

    def number(self, real: str) -> str:
        """社会保障号码: of the unassigned region, with day of birth and sex as :meth:`day` and :meth:`sex` have them.

        The check digit is right where it was right. Numbers of another form keep it sign by sign.
        """
        if not NUMBER.fullmatch(real):
            return self.shape(real.encode("ascii", "replace")).decode("ascii")
        region = real[:6] if real.startswith(KEPT_REGIONS) else FOREIGNER if real[0] == FOREIGNER[0] else REGION
        order = int.from_bytes(self.stream(real.upper().encode(), "order", 2)) % 500 * 2
        male = self.sex("1" if int(real[16]) % 2 else "2") == "1"
        body = f"{region}{self.day(real[6:14])}{order + male:03d}"
        right = check_digit(real[:17]) == real[17].upper()
        digit = check_digit(body)
        return body + (digit if right else CHECK_DIGITS[(CHECK_DIGITS.index(digit) + 1) % 11])

    def name(self, real: bytes, before: NameCut | None = None) -> tuple[bytes, NameCut]:
        """An invented name of as many bytes of GB18030, whole where ``real`` is whole and cut where it is cut.

        ``before``: what an earlier record left cut; the second value is for the record that follows.
        """
        rest = before.rest if before else b""
        written, real = rest[: len(real)], real[len(rest) :]
        if len(rest) > len(written):
            return written, NameCut(rest[len(written) :])
        dice = self.stream(real, "name", len(real) or 1)
        at = turn = 0
        while at < len(real):
            sign = self._sign(real[at:], dice[turn])
            at, turn = at + len(sign), turn + 1
            written += sign
        keep = len(written) - (at - len(real))
        return written[:keep], NameCut(written[keep:])

    @staticmethod
    def _sign(real: bytes, die: int) -> bytes:
        if real[0] < ASCII_END:
            return CAPITALS[die % 26 : die % 26 + 1]
        if real[1:2].isdigit():
            return bytes.fromhex(FOUR_BYTES[die % len(FOUR_BYTES)])
        return HAN[die % len(HAN)].encode("gb18030")


class NameCut:
    """The bytes of an invented character that did not fit into its record."""

    def __init__(self, rest: bytes = b"") -> None:
        self.rest = rest


def _alike(byte: int, die: int) -> int:
    for letters in (DIGITS, CAPITALS, SMALL):
        if byte in letters:
            return letters[die % len(letters)]
    if byte >= ASCII_END:
        return ASCII_END | die & 0x7F
    return byte if byte < PRINTABLE or byte == DELETE else ord("*")


def check_digit(body: str) -> str:
    """GB 11643: the last sign for seventeen digits."""
    return CHECK_DIGITS[sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True)) % 11]
