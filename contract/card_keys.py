"""What a card asks of the county's key service, and its answer (reference/card.md §2.4). No key ever travels."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from contract.message import Message

Eight = Annotated[str, StringConstraints(pattern=r"^[0-9A-F]{16}$")]
"""Eight bytes in hexadecimal."""

Sixteen = Annotated[str, StringConstraints(pattern=r"^[0-9A-F]{32}$")]
"""Sixteen bytes in hexadecimal: a cryptogram and the original it was made of."""


ALGORITHMS = frozenset({"01", "02", "03"})
"""Of a card's keys: 3DES, SSF33, SM4."""


class CardChallenge(Message):
    """过程因子 and 原始信息 of one authentication."""

    factor: Eight
    original: Eight


class CardAuthentication(Message):
    """One card in one insertion asks: ``inner`` for the proof that it is genuine, ``outer`` for the right to read it.

    ``region`` is that of the card, ``algorithm`` 01 3DES, 02 SSF33, 03 SM4; ``outer`` None on versions 1 and 2.
    ``atr_history``: as many historical bytes as its answer to reset has, 13 on most cards, none to 15 on others.
    """

    region: Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")]
    atr_history: Annotated[str, StringConstraints(pattern=r"^([0-9A-F]{2}){0,15}$")]
    algorithm: Annotated[str, StringConstraints(pattern=r"^0[123]$")]
    identification: Sixteen = Field(repr=False)
    inner: CardChallenge | None
    outer: CardChallenge | None = None
    insertion: str = Field(min_length=8, max_length=80, description="opaque, one per insertion")


class CardCryptograms(Message):
    """The answer to each challenge; None where the county holds no key for such a card."""

    inner: Sixteen | None
    outer: Sixteen | None = None
