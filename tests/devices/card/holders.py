"""The invented holders of the reference's vectors, and shorthands for talking to their cards."""

from __future__ import annotations

from devices.card import CardGone, CardIdentity, CardSilent, Transmit
from devices.card.chip import ApduChip
from devices.card.virtual.card import CardPulled, VirtualCard
from devices.card.virtual.described import CardDescription, CardFault

OUYANG = CardDescription(
    name="欧阳晓晴",
    number="639900199001010020",
    card_number="X00012345",
    identification="639900D1560000050012345600ABCDEF",
    version="2.00",
    issued="20150316",
    valid_until="20250316",
    institution="639900000001000000000001",
    atr=bytes.fromhex("3B6D000000814E43238697639900123456"),
)
MAIMAITI = CardDescription(
    name="买买提江·阿卜杜热依木艾合买𬱖",
    number="639900198506071289",
    card_number="X00054321",
    identification="639900D15600000500654321A1B2C3D4",
    version="3.00",
    issued="20240520",
    valid_until="20340520",
    ethnic_group="05",
    atr=bytes.fromhex("3B6D000000904A30018660639900654321"),
)
OLD_WANG = CardDescription(
    name="王大锤",
    number="63990019620315001X",
    card_number="A1234567",
    identification="639900D15600000500000042DEADBEEF",
    version="1.00",
    issued="20101001",
    valid_until="20401001",
)
EVERYONE_READABLE = [OUYANG, OLD_WANG]


def card(holder: CardDescription = OUYANG, *faults: CardFault, **settings) -> VirtualCard:
    return VirtualCard(holder, frozenset(faults), **settings)


def through(card: VirtualCard) -> Transmit:
    """A transmit straight to the card, with the errors a reader would raise."""

    def transmit(command: bytes) -> bytes:
        try:
            answer = card.answer(command)
        except CardPulled:
            raise CardGone("pulled") from None
        if not answer:
            raise CardSilent("dumb")
        return answer

    return transmit


def chip_of(slotted) -> ApduChip:
    """The driver, straight on the card."""
    return ApduChip(through(slotted), slotted.atr, block_wise=slotted.block_wise)


def read(slotted, keys=None) -> CardIdentity:
    return chip_of(slotted).identity(keys)


def pin(digits: str) -> bytearray:
    return bytearray(digits.encode())


def scripted(*answers: str):
    """A card that gives these answers whatever it is asked, and remembers what it was asked."""
    waiting = [bytes.fromhex(answer) for answer in answers]
    heard: list[bytes] = []

    def transmit(command: bytes) -> bytes:
        heard.append(bytes(command))
        return waiting.pop(0)

    return transmit, heard
