"""The hub's own settings: section ``[hub]`` of the files the kiosk reads, ``KIOSK_HUB__<KEY>`` wins over them."""

from __future__ import annotations

import ipaddress
import tomllib
from collections.abc import Iterable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from contract.codes import InsuranceType
from contract.credentials import Worth
from county.trust.shares import Shares

SECTION = "hub"
ENVIRONMENT_PREFIX = "KIOSK_HUB__"
LONGEST_LEASE = 24 * 31


class SettingsError(ValueError):
    """A setting that cannot be used; the message names the file (or variable) and the key."""


class Stage(StrEnum):
    """Where the hub runs: invented people and the movable clock exist in development only."""

    DEVELOPMENT = "development"
    PRODUCTION = "production"


class HubSettings(BaseModel):
    """Section ``[hub]``, frozen and checked. Relative paths count from the folder the program was started in."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    listen: str = "127.0.0.1:8090"
    database: str = "sqlite:///var/county.sqlite"
    media: Path = Field(default=Path("var/media"), strict=False)
    keys: Path = Field(default=Path("var/county-key"), strict=False)
    people: Path = Field(default=Path("var/people.jsonl"), strict=False)
    stage: Stage = Field(default=Stage.PRODUCTION, strict=False)
    sample_rates: bool = True
    key_store: str = "none"
    electronic_codes: str = "none"
    worth_of_codes: Worth = Field(default=Worth.OPEN, strict=False)
    worth_of_id_cards: Worth = Field(default=Worth.NONE, strict=False)
    backend: str = "tables"
    backend_seconds: float = Field(default=2.0, strict=False, ge=0.1, le=60)
    mapping: str = ""
    approved: tuple[str, ...] = Field(default=(), strict=False)
    sittings_of_a_kiosk: int = Field(default=240, ge=1)
    sittings_of_a_resident: int = Field(default=40, ge=1)
    unproven_of_a_kiosk: int = Field(default=120, ge=0)
    unproven_of_a_resident: int = Field(default=20, ge=0)
    demo_seed: int = Field(default=0, ge=0)
    issuer: str = "县人力资源和社会保障局"
    template_format: str = Field(default="ef01", min_length=1, max_length=40)
    lease_hours: int = Field(default=72, ge=1, le=LONGEST_LEASE)
    names_lease_hours: int = Field(default=24, ge=1, le=LONGEST_LEASE)
    not_offered: tuple[Annotated[InsuranceType, Field(strict=False)], ...] = Field(default=(), strict=False)

    @model_validator(mode="after")
    def _invented_people_stay_in_development(self) -> Self:
        if self.stage is Stage.PRODUCTION and self.demo_seed:
            raise ValueError("demo_seed must be 0 where stage is production")
        return self

    @model_validator(mode="after")
    def _an_id_card_has_no_pin(self) -> Self:
        if self.worth_of_id_cards is Worth.PIN:
            raise ValueError("worth_of_id_cards is at most card: nothing was typed that proves more")
        return self

    @property
    def shares(self) -> Shares:
        """How many sittings a kiosk and a resident may have."""
        return Shares(
            self.sittings_of_a_kiosk, self.sittings_of_a_resident, self.unproven_of_a_kiosk, self.unproven_of_a_resident
        )

    @property
    def host(self) -> str:
        """The address part of ``listen``."""
        return self.listen.rpartition(":")[0]

    @property
    def port(self) -> int:
        """The port part of ``listen``; 0 lets the system choose."""
        return int(self.listen.rpartition(":")[2])


def load_settings(files: Iterable[Path], environment: Mapping[str, str]) -> HubSettings:
    """The settings of ``[hub]``: a later file wins, the environment over all; raises SettingsError."""
    values: dict[str, object] = {}
    origins: dict[str, str] = {}
    for origin, section in [*((str(file), _section(file)) for file in files), _overrides(environment)]:
        _refuse_unknown(origin, section)
        values |= section
        origins |= dict.fromkeys(section, origin)
    try:
        settings = HubSettings.model_validate(values)
    except ValidationError as error:
        raise _named(error, origins) from error
    _check_listen(settings, origins.get("listen", "default"))
    _check_database(settings, origins.get("database", "default"))
    return settings


def _section(file: Path) -> dict[str, object]:
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"{file}: cannot be read ({error.strerror})") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{file}: not TOML: {error}") from error
    section = content.get(SECTION, {})
    if not isinstance(section, dict):
        raise SettingsError(f"{file}: [{SECTION}] must be a section")
    return section


def _overrides(environment: Mapping[str, str]) -> tuple[str, dict[str, object]]:
    section = {
        name.removeprefix(ENVIRONMENT_PREFIX).lower(): _value(text)
        for name, text in environment.items()
        if name.startswith(ENVIRONMENT_PREFIX)
    }
    return f"environment {ENVIRONMENT_PREFIX}*", section


def _value(text: str) -> object:
    """A TOML value where the text is one, else the text itself: 1, true, ["410"], but 127.0.0.1:8090."""
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text


def _refuse_unknown(origin: str, section: Mapping[str, object]) -> None:
    for key in section:
        if key not in HubSettings.model_fields:
            raise SettingsError(f"{origin}: unknown key {SECTION}.{key}")


def _named(error: ValidationError, origins: Mapping[str, str]) -> SettingsError:
    first = error.errors()[0]
    key = str(first["loc"][0]) if first["loc"] else "demo_seed"
    return SettingsError(f"{origins.get(key, 'default')}: {SECTION}.{key}: {first['msg']}")


def _check_listen(settings: HubSettings, origin: str) -> None:
    try:
        loopback = ipaddress.IPv4Address(settings.host).is_loopback
        port = settings.port
    except ValueError as error:
        raise SettingsError(f'{origin}: {SECTION}.listen must be an address and a port, "127.0.0.1:8090"') from error
    if not loopback or not 0 <= port <= 65535:  # noqa: PLR2004 - the last port there is
        raise SettingsError(
            f"{origin}: {SECTION}.listen must be a loopback address (127.…): the hub is never exposed bare"
        )


def _check_database(settings: HubSettings, origin: str) -> None:
    """A password stands in the environment or in PostgreSQL's own password file, never in a settings file."""
    account = settings.database.partition("://")[2].rpartition("@")[0]
    if ":" in account and not origin.startswith("environment"):
        raise SettingsError(
            f"{origin}: {SECTION}.database holds a password; give it by {ENVIRONMENT_PREFIX}DATABASE or ~/.pgpass"
        )
