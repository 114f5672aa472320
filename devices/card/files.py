"""SELECT and READ RECORD on a social-security card, in every dialect seen (reference/card.md §1.3, §1.4, §1.9).

Pure: everything goes through the transmit that is handed in.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from devices.card import CardForeign, CardLocked, CardUnreadable, Transmit, records

SELECT_SSSE = bytes.fromhex("00A404000F 7378312E73682E C9E7BBE1B1A3D5CF")
SELECT_DDF1 = bytes.fromhex("00A4000002DDF1")
GET_RESPONSE = bytes.fromhex("00C00000")
EF05, EF06 = b"\xef\x05", b"\xef\x06"
BY_TAG, BY_NUMBER = 0x00, 0x04
MOST_ROUNDS = 8
STATUS_LENGTH = 2
HEADER_AND_LE = 5
MORE_WAITS, WRONG_LE = 0x61, 0x6C
MOST_RECORDS = 12

OK = 0x9000
NOT_SATISFIED = 0x6982
RECORD_MISSING = 0x6A83
UNKNOWN_FILE = frozenset({0x6A82, 0x6A81, 0x6A86, 0x6B00, 0x6D00, 0x6E00, 0x6700, 0x6999})
OTHER_P1 = frozenset({0x6A86, 0x6A81, 0x6B00})
OTHER_ADDRESSING = frozenset({RECORD_MISSING, 0x6A86, 0x6981, 0x6B00})


class Answer(NamedTuple):
    """What a card said to one command, 61xx and 6Cxx resolved: data and status word."""

    data: bytes
    sw: int

    @property
    def ok(self) -> bool:
        """True for 9000."""
        return self.sw == OK


@dataclass(frozen=True)
class Field:
    """One record: its tag, its place in the file of version 2 and 3 (0: only by tag), its allowed value lengths."""

    name: str
    tag: int
    number: int
    lengths: range

    @cached_property
    def le(self) -> int:
        """The length to ask for: tag, length byte and the longest usual value."""
        return self.lengths.start + 2

    @cached_property
    def mark(self) -> bytes:
        """What every record of this kind begins with."""
        return bytes([self.tag])


def exactly(length: int) -> range:
    """The lengths of a record that knows only one."""
    return range(length, length + 1)


def exchange(transmit: Transmit, apdu: bytes) -> Answer:
    """Send one command and fetch its whole answer: the one place that knows 61xx and 6Cxx.

    A command that carries data (PIN, authentication) is never sent twice: 6Cxx repeats only header and Le.
    """
    command, gathered = apdu, b""
    for _ in range(MOST_ROUNDS):
        raw = transmit(command)
        if len(raw) < STATUS_LENGTH:
            raise CardUnreadable("answer", "no status word")
        part, sw1, sw2 = raw[:-2], raw[-2], raw[-1]
        if sw1 == MORE_WAITS:
            gathered += part
            command = GET_RESPONSE + bytes([sw2])
        elif sw1 == WRONG_LE and len(command) == HEADER_AND_LE:
            command = command[:4] + bytes([sw2])
        else:
            return Answer(gathered + part, sw1 << 8 | sw2)
    raise CardUnreadable("answer", "no end to 61xx and 6Cxx")


class Files:
    """One conversation with the application SSSE: remembers which dialect of SELECT and READ the card speaks.

    ``asks_length``: True over T=1, where a command with content says by a last byte that it wants an answer; over T=0
    the same byte would be an error. ``algorithm``: what SELECT said of the card's keys, "01" where it said nothing.
    """

    def __init__(self, transmit: Transmit, *, asks_length: bool = False) -> None:
        self._transmit = transmit
        self._le = b"\0" if asks_length else b""
        self._p1 = 0x02
        self._addressing = BY_NUMBER
        self._short_name = 0
        self.algorithm = records.DES

    def send(self, apdu: bytes) -> Answer:
        """One command, whole answer."""
        return exchange(self._transmit, apdu)

    def ask(self, apdu: bytes) -> Answer:
        """One command with content that wants data for it."""
        return exchange(self._transmit, apdu + self._le)

    def enter(self) -> None:
        """Select SSSE; a card whose master file *is* SSSE has EF05 at once, others know it as DDF1."""
        answer = self.ask(SELECT_SSSE)
        if answer.ok:
            self.algorithm = records.algorithm(answer.data)
            return
        if answer.sw not in UNKNOWN_FILE:
            raise CardUnreadable("application", f"SELECT answers {answer.sw:04X}")
        if self._select(EF05).ok or exchange(self._transmit, SELECT_DDF1).ok:
            return
        raise CardForeign("no social-security application")

    def open(self, file: bytes, addressing: int) -> None:
        """Make one file of SSSE the current one, and say how its records are asked for first.

        A card that selects no file by its identifier is asked for records by the file's short name.
        """
        answer = self._select(file)
        if not answer.ok and answer.sw not in UNKNOWN_FILE:
            raise refusal(f"EF{file[1]:02X}", answer.sw)
        self._short_name = 0 if answer.ok else file[1]
        self._addressing = addressing if answer.ok else BY_NUMBER

    def _select(self, file: bytes) -> Answer:
        answer = exchange(self._transmit, bytes([0x00, 0xA4, self._p1, 0x00, 0x02]) + file)
        if self._p1 and answer.sw in OTHER_P1:
            self._p1 = 0x00
            return self._select(file)
        return answer

    def read(self, field: Field) -> bytes:
        """The value of one record, its tag and length checked; searched for where the numbering is shifted."""
        answer = self._ask(field, self._addressing)
        if answer.sw == OK and answer.data.startswith(field.mark):
            return records.value_of(field.name, answer.data, field.tag, field.lengths)
        if answer.sw in OTHER_ADDRESSING:
            other = BY_NUMBER if self._addressing == BY_TAG else BY_TAG
            answer = self._ask(field, other)
            self._addressing = other if answer.ok else self._addressing
        if not answer.ok and answer.sw not in OTHER_ADDRESSING:
            raise refusal(field.name, answer.sw)
        record = answer.data
        if not answer.ok or not record.startswith(field.mark):
            record = self._search(field)
        return records.value_of(field.name, record, field.tag, field.lengths)

    def read_if_there(self, field: Field, next_tag: int) -> bytes:
        """Like read; an absent record is empty, also where the next one has moved up into its number.

        To be asked after the first record of the file was read: by then the addressing is known.
        """
        answer = self._ask(field, self._addressing)
        if answer.sw in OTHER_ADDRESSING:
            return b""
        if not answer.ok:
            raise refusal(field.name, answer.sw)
        if self._addressing == BY_NUMBER and answer.data[:1] == bytes([next_tag]):
            return b""
        return records.value_of(field.name, answer.data, field.tag, field.lengths)

    def _ask(self, field: Field, addressing: int) -> Answer:
        place = field.number if addressing == BY_NUMBER else field.tag
        return self._record(place, addressing, field.le)

    def _record(self, place: int, addressing: int, le: int) -> Answer:
        short_name = self._short_name << 3 if addressing == BY_NUMBER else 0
        return exchange(self._transmit, bytes([0x00, 0xB2, place, short_name | addressing, le]))

    def _search(self, field: Field) -> bytes:
        for number in range(1, MOST_RECORDS + 1):
            answer = self._record(number, BY_NUMBER, field.le)
            if answer.sw in OTHER_ADDRESSING:
                break
            if answer.ok and answer.data.startswith(field.mark):
                return answer.data
        raise CardUnreadable(field.name, f"no record with tag {field.tag:02X}")


def refusal(field: str, sw: int) -> CardLocked | CardUnreadable:
    """What a status word means that refuses ``field``: 6982 asks for the key service, any other names the field."""
    if sw == NOT_SATISFIED:
        return CardLocked(f"{field}: the card asks for the key service")
    return CardUnreadable(field, f"the card answers {sw:04X}")
