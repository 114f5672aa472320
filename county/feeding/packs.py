"""Locality packs in the feed: what a county changes at its machines without visiting them."""

from __future__ import annotations

import re
import tomllib
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from contract.feed import FeedKind, LocalityPack
from county.publishing import publish, withdraw

AREA = re.compile(r"[0-9]{6}([0-9]{3}([0-9]{3})?)?")
LARGEST = 64 * 1024


class BadPack(ValueError):
    """A pack that cannot be published; the message says why."""


def publish_pack(connection: Connection, area: str, file: Path, now: datetime) -> LocalityPack:
    """Lay the values of a TOML file over what the machines of ``area`` came with; BadPack.

    The hub knows no machine's rules: whether the values can be used, each machine says on its own page 设备.
    """
    if not AREA.fullmatch(area):
        raise BadPack(f"{area!r} is no area: a division code of 6, 9 or 12 digits")
    try:
        if file.stat().st_size > LARGEST:
            raise BadPack(f"{file}: larger than {LARGEST // 1024} kB")
        values = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadPack(f"{file}: {error}") from error
    version = values.pop("version", f"{now:%Y%m%d%H%M%S}")
    if not values or not isinstance(version, str):
        raise BadPack(f"{file}: nothing to change, or a version that is no text")
    pack = LocalityPack(area=area, version=version, values=values)
    publish(connection, FeedKind.LOCALITY_PACK, area, pack, area)
    return pack


def withdraw_pack(connection: Connection, area: str) -> None:
    """The machines of ``area`` go back to what they came with."""
    withdraw(connection, FeedKind.LOCALITY_PACK, area)
