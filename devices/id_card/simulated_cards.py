"""Invented ID cards and the 256 bytes of text a module reads from them; the simulator's own writer, no decoder's.

Written from reference/card.md §4. Whoever has no card of these layouts in the hand can see them here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

BLOCK = 256
UNITS = 2  # bytes a UTF-16 unit
TYPE_PLACE = 248


class SampleCard(StrEnum):
    """Cards of people who are not in the town's list of residents."""

    FOREIGNER = "foreigner"
    FOREIGNER_2023 = "foreigner_2023"
    HONG_KONG_MACAO_TAIWAN = "hong_kong_macao_taiwan"
    FOR_EVER = "for_ever"


@dataclass(frozen=True)
class WrittenCard:
    """What is written on an ID card. Days as YYYYMMDD, ``valid_until`` also 长期; ``type`` "", "I", "J" or "Y"."""

    name: str
    number: str
    sex: str
    born_on: str
    ethnic_group: str = "01"
    address: str = "测试省测试市样例县一号"
    authority: str = "样例县公安局"
    valid_from: str = "20200101"
    valid_until: str = "20400101"
    type: str = ""
    english_name: str = ""
    nationality: str = ""
    permit_number: str = ""

    @classmethod
    def of_resident(cls, name: str, number: str, ethnic_group: str = "01") -> WrittenCard:
        """The card of a citizen: birth and sex stand in the number."""
        return cls(name, number, "1" if int(number[16]) % 2 else "2", number[6:14], ethnic_group)

    def expired(self) -> WrittenCard:
        """The same card with its last day long past."""
        return replace(self, valid_from="20050101", valid_until="20150101")

    @property
    def text(self) -> bytes:
        """The block as the chip holds it."""
        block = self._foreign_block() if self.type == "I" else self._usual_block()
        return block[:TYPE_PLACE] + units(self.type, 1) + block[TYPE_PLACE + UNITS :]

    def _usual_block(self) -> bytes:
        new_foreigner = self.type == "Y"
        return b"".join(
            (
                units(self.name, 15),
                units(self.sex, 1),
                units("01" if new_foreigner else "" if self.type == "J" else self.ethnic_group, 2),
                units(self.born_on, 8),
                units(self.english_name if new_foreigner else self.address, 35),
                units(self.number, 18),
                units("" if new_foreigner else self.authority, 15),
                units(self.valid_from, 8),
                units(self.valid_until, 8),
                units(self.permit_number, 9),
                units("01" if self.type == "J" else "", 2),
                units("", 7),
            )
        )

    def _foreign_block(self) -> bytes:
        return b"".join(
            (
                units(self.english_name, 60),
                units(self.sex, 1),
                units(self.number, 15),
                units(self.nationality, 3),
                units(self.name, 15),
                units(self.valid_from, 8),
                units(self.valid_until, 8),
                units(self.born_on, 8),
                units("01", 2),
                units("1500", 4),
                units("", 4),
            )
        )


def units(text: str, count: int) -> bytes:
    """A field: cut after ``count`` UTF-16 units, be it in the middle of a rare character, and filled with blanks."""
    raw = text.encode("utf-16-le")[: UNITS * count]
    return raw + b" \x00" * (count - len(raw) // UNITS)


SAMPLES = {
    SampleCard.FOREIGNER: WrittenCard(
        "安娜", "XYZ639900010100", "2", "19900101", type="I", english_name="SAMPLE, ANNA", nationality="XYZ",
        valid_from="20190601", valid_until="20290601",
    ),
    SampleCard.FOREIGNER_2023: WrittenCard(
        "", "963999199001010015", "1", "19900101", type="Y", english_name="SAMPLE, BORIS",
        valid_from="20240101", valid_until="20340101",
    ),
    SampleCard.HONG_KONG_MACAO_TAIWAN: WrittenCard(
        "陈样例", "810000199001010027", "2", "19900101", type="J", permit_number="H00000000",
    ),
    SampleCard.FOR_EVER: replace(WrittenCard.of_resident("老样例", "63990019400101001X"), valid_until="长期"),
}  # fmt: skip
