"""The strings of the national reader interface SSCardDriver (reference/card.md §2.3, §2.4). Pure.

A library of a reader's maker fills a buffer with GBK text, every field followed by a vertical bar.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from devices.card import (
    CardIdentity,
    CardLocked,
    CardUnreadable,
    KeyAnswerForeign,
    records,
)
from devices.card.key_service import BLOCK, KeyAnswer, KeyQuestion
from devices.device import DeviceGarbled
from devices.sex import Sex

BASIC_FIELDS = 11
STEP1_FIELDS = 8
BAR = b"|"
REGION_DIGITS, HISTORY_DIGITS, IDENTIFICATION_DIGITS, CHALLENGE_DIGITS, DAY_DIGITS = 6, 26, 32, 16, 8
ALGORITHMS = frozenset({"01", "02", "03"})


def fields(content: bytes, least: int) -> list[bytes]:
    """The fields of one string, each ended by a bar; DeviceGarbled where there are fewer than ``least``.

    Fields after those asked for are left out: some makers append a terminal's number.
    """
    found = content.split(BAR)
    if len(found) - 1 < least:
        raise DeviceGarbled(f"{len(found) - 1} fields instead of {least}")
    return found[:least]


def basic(content: bytes) -> CardIdentity:
    """The string of iReadCardBas and of its second step, 11 fields, each checked; ``proven`` is for the caller to say.

    CardLocked: a card that gives no number without the key service. CardUnreadable(field): a field is not what the
    interface says, or ("identity") contradicts another. The terminal's own two fields are not looked at.
    """
    region, number, card_number, identification, name, history, version, issued, valid = fields(content, BASIC_FIELDS)[
        :9
    ]
    code = identification_of(identification)
    if _plain("region", region) != code[:REGION_DIGITS]:
        raise CardUnreadable("region", "not the first six digits of the identification")
    if not number.strip():
        raise CardLocked("no number without the key service")
    social_security_no = records.social_security_no("social_security_no", number)
    born_on, sex = _told_by(social_security_no)
    records.agree(social_security_no, born_on, sex)
    return CardIdentity(
        region=code[:REGION_DIGITS],
        social_security_no=social_security_no,
        card_number=records.card_number("card_number", card_number),
        identification=code,
        name=records.name("name", name, b""),
        atr_history=_hex("atr_history", history, HISTORY_DIGITS),
        version=records.version("version", version) if version.strip() else "",
        issued_on=_day("issued_on", issued),
        valid_until=_day("valid_until", valid),
        sex=sex,
        ethnic_group="",
        born_on=born_on,
    )


def identification_in(content: bytes) -> str:
    """卡识别码 alone, out of the same string: there also where a locked card left name and number empty."""
    return identification_of(fields(content, BASIC_FIELDS)[3])


def identification_of(field: bytes) -> str:
    """卡识别码 as 32 upper-case hex digits of the national form; CardUnreadable otherwise."""
    return records.identification("identification", bytes.fromhex(_hex("identification", field, IDENTIFICATION_DIGITS)))


def question(content: bytes) -> KeyQuestion:
    """The string of iReadCardBas_HSM_Step1: 8 fields; both pairs are there, or the outer one is empty (versions 1, 2).

    CardLocked: neither pair, so the library has nothing to ask (some leave all four empty on versions 1 and 2).
    """
    region, history, algorithm, identification, *pairs = fields(content, STEP1_FIELDS)
    code = identification_of(identification)
    if _plain("region", region) != code[:REGION_DIGITS]:
        raise CardUnreadable("region", "not the first six digits of the identification")
    if _plain("algorithm", algorithm) not in ALGORITHMS:
        raise CardUnreadable("algorithm", "not 01, 02 or 03")
    inner_factor, inner_original, outer_factor, outer_original = (_challenge(pair) for pair in pairs)
    if inner_factor is None or inner_original is None:
        raise CardLocked("the library asks the key service nothing")
    if (outer_factor is None) is not (outer_original is None):
        raise CardUnreadable("outer_factor", "one half of the pair is missing")
    return KeyQuestion(
        region=code[:REGION_DIGITS],
        atr_history=_hex("atr_history", history, HISTORY_DIGITS),
        algorithm=algorithm.decode("ascii"),
        identification=code,
        inner_factor=inner_factor,
        inner_original=inner_original,
        outer_factor=outer_factor,
        outer_original=outer_original,
    )


def reply(asked: KeyQuestion, answer: KeyAnswer) -> bytes:
    """What iReadCardBas_HSM_Step2 takes: inner and outer value as 32 hex digits and a bar each, empty where not asked.

    KeyAnswerForeign: the original inside a value is not the one this card gave (nothing is passed on). CardLocked: the
    key service has no answer where the card needs one.
    """
    pairs = ((answer.inner, asked.inner_original), (answer.outer, asked.outer_original))
    if asked.outer_original is not None and answer.outer is None:
        raise CardLocked("the key service has no answer for this card")
    for value, original in pairs:
        if value is not None and value[BLOCK:] != original:
            raise KeyAnswerForeign("the answer belongs to another question")
    return b"".join((value.hex().upper().encode() if value else b"") + BAR for value, _ in pairs)


def proven(card: CardIdentity) -> CardIdentity:
    """The same card, after the library compared the card's cryptogram with the key service's."""
    return replace(card, proven=True)


def _plain(field: str, content: bytes) -> str:
    text = content.strip()
    if not text.isdigit():
        raise CardUnreadable(field, "not digits")
    return text.decode("ascii")


def _hex(field: str, content: bytes, count: int) -> str:
    text = content.strip().upper()
    if len(text) != count or text.strip(b"0123456789ABCDEF"):
        raise CardUnreadable(field, f"not {count} hex digits")
    return text.decode("ascii")


def _challenge(content: bytes) -> bytes | None:
    return bytes.fromhex(_hex("challenge", content, CHALLENGE_DIGITS)) if content.strip() else None


def _day(field: str, content: bytes) -> date | None:
    text = content.strip()
    if not text:
        return None
    if len(text) != DAY_DIGITS or not text.isdigit():
        raise CardUnreadable(field, "not a day as YYYYMMDD")
    return records.day(field, bytes.fromhex(text.decode("ascii")))


def _told_by(number: str) -> tuple[date | None, Sex]:
    """Day of birth and sex as the number tells them: the interface gives neither (GB 11643-1999)."""
    if not number[:17].isdecimal():
        return None, Sex.UNKNOWN
    sex = Sex.MALE if int(number[16]) % 2 else Sex.FEMALE
    return records.day("identity", bytes.fromhex(number[6:14])), sex
