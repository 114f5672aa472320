"""The "ABC" dialect of 维尔 sensors as bytes: two questions, a parser, a feature out of Base64. No port, no clock.

Questions: ``1A 56`` (version), ``02`` + Base64 text + ``03`` (feature). Reply: ``02``, text, one more byte where one
source has two trailing bytes and none where the code of that source takes but one, ``03``. The decoded record has a
head of 6 bytes and then 256 of feature. reference/serial-devices.md §2.2, last paragraph.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator

from devices.frame_hunt import FrameHunt

VERSION_QUESTION = b"\x1a\x56"
FEATURE_QUESTION = b"\x02AAM3bNEv3g==\x03"
MARKS = (b"TYPICAL_ALL", b"ABC-NJDW")
"""Words of a version that say: this sensor speaks the dialect."""
HEAD, FEATURE_SIZE = 6, 256
LONGEST_TEXT = 600
STX, ETX = 0x02, 0x03
_NO_TEXT = re.compile(rb"[^\x20-\x7e]")


class ReplyParser(FrameHunt[bytes]):
    """Finds the texts between ``02`` and ``03``."""

    mark = bytes([STX])

    def _complete(self) -> Iterator[bytes]:
        while self._hunt():
            found = _NO_TEXT.search(self._buffer, 1)
            end = found.start() if found else len(self._buffer)
            behind = bytes(self._buffer[end : end + 2])
            if end > LONGEST_TEXT or (behind[:1] != b"\x03" and behind[1:] not in (b"", b"\x03")):
                self._broken()
            elif ETX not in behind:
                return
            else:
                text = bytes(self._buffer[1:end])
                del self._buffer[: end + 1 + behind.index(ETX)]
                yield text


def speaks_abc(version: bytes) -> bool:
    """True where the words of a version name the dialect."""
    return any(mark in version for mark in MARKS)


def read_feature(text: bytes) -> bytes | None:
    """The feature in a reply; None where there is none (a refusal, a version). One byte too many is dropped."""
    whole = text[: len(text) - (len(text) % 4 == 1)]
    try:
        record = base64.b64decode(whole, validate=True)
    except (binascii.Error, ValueError):
        return None
    return record[HEAD : HEAD + FEATURE_SIZE] if len(record) >= HEAD + FEATURE_SIZE else None
