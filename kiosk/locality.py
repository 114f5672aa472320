"""The locality pack: names, rules, numbers and texts that differ by place. Never constants in code."""

from __future__ import annotations

import tomllib
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from contract.credentials import Worth
from kiosk.phrases import phrase
from kiosk.privacy import PrivacyNotices
from kiosk.settings import SettingsError
from kiosk.theme import Logo, Theme, read_logo


def known_zone(name: str) -> str:
    """A zone that this machine can reckon with; raises ValueError."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError(f"{name!r} is no zone of this machine's time zone database") from error
    return name


TOWN_DIGITS = 9


class Part(BaseModel):
    """A frozen part of the pack that refuses unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Town(Part):
    """A division of the county."""

    code: str
    name: str


class Hall(Part):
    """What stands over the door."""

    name: Annotated[str, Field(min_length=1, max_length=30)]
    subtitle: Annotated[str, Field(max_length=40)] = "劳动就业和社会保障服务"
    logo: Annotated[str, Field(min_length=1, max_length=2)]
    """The one character inside the round logo."""
    county: Annotated[str, Field(min_length=1, max_length=20)]
    phone: Annotated[str, Field(min_length=1, max_length=30, pattern=r"^[0-9][0-9 -]*$")]


class AssuranceRules(Part):
    """What a card that cannot prove itself is good for here."""

    unproven_pin: bool = False
    unproven_sessions_per_hour: Annotated[int, Field(ge=1)] = 120
    """Cards served on this machine."""
    unproven_pins_per_hour: Annotated[int, Field(ge=1)] = 10
    """PINs of one resident sent to a card."""
    initial_pins: tuple[str, ...] = ("123456",)
    id_card: Worth = Worth.NONE
    """What a resident ID card is good for here, at most: none (not read), open, card; the county may say less."""
    electronic_code: Worth = Worth.NONE
    """The same of the code of an electronic social-security card; also pin."""

    @field_validator("id_card")
    @classmethod
    def _nothing_was_typed(cls, worth: Worth) -> Worth:
        if worth is Worth.PIN:
            raise ValueError("an ID card is never worth a PIN: nothing was typed")
        return worth


class DisplayRules(Part):
    """The wall: how long content lives without renewal, how many posts a page."""

    jobs_per_page: Annotated[int, Field(ge=3, le=12)] = 7
    page_seconds: Annotated[int, Field(ge=5, le=120)] = 12
    warning: Annotated[str, Field(max_length=60)] = "招聘收费、押金、扣证件都不合法，请告诉工作人员"


class JobRules(Part):
    """The job board."""

    page_size: Annotated[int, Field(ge=1, le=200)] = 20
    contacts_per_visit: Annotated[int, Field(ge=0, le=1000)] = 5
    pay_steps: tuple[Annotated[int, Field(gt=0)], ...] = (3000, 4000, 5000, 6000)


class VerificationRules(Part):
    """The eligibility verification."""

    fingers: Annotated[int, Field(ge=1, le=10)] = 3
    tries_per_finger: Annotated[int, Field(ge=1, le=10)] = 3
    finger_seconds: Annotated[float, Field(gt=0, le=120)] = 20.0
    witness_minutes: Annotated[float, Field(gt=0, le=60)] = 3.0
    consent_version: Annotated[str, Field(min_length=1, max_length=40)] = "program-2026-11"
    consent_text: Annotated[tuple[str, ...], Field(min_length=1, max_length=8)] = (
        phrase("只用来确认领养老金的是您本人。"), phrase("指纹只在机器里比对一次，不保存图像。"),
        phrase("不按指纹也可以，请工作人员见证，一样办。"),
    )  # fmt: skip

    @model_validator(mode="before")
    @classmethod
    def _version_is_of_its_text(cls, given: Any) -> Any:
        """A version without its text would stand for words nobody read; a text without a version for none."""
        if not isinstance(given, dict):
            return given
        if "consent_text" in given and "consent_version" not in given:
            raise ValueError("consent_text needs its consent_version")
        return {name: value for name, value in given.items() if name != "consent_version" or "consent_text" in given}


class StaffRules(Part):
    """Sign-in of staff on this machine."""

    idle_minutes: float = 15.0
    offline_hours: float = 72.0


class OutboxRules(Part):
    """What is on its way to the county: how old it may become, and who sees to it then."""

    age_limit_days: Annotated[int, Field(ge=1, le=365)] = 7
    owner: Annotated[str, Field(min_length=1, max_length=60)] = "本厅窗口值班人员"


class Locality(Part):
    """A loaded pack."""

    zone: Annotated[str, AfterValidator(known_zone)] = "Asia/Shanghai"
    sample_label: str = "示例值"
    hall: Hall
    towns: tuple[Town, ...]
    assurance: AssuranceRules = AssuranceRules()
    display: DisplayRules
    jobs: JobRules = JobRules()
    verification: VerificationRules
    staff: StaffRules = StaffRules()
    outbox: OutboxRules = OutboxRules()
    theme: Theme = Theme()
    privacy: PrivacyNotices = PrivacyNotices()

    @cached_property
    def _names(self) -> dict[str, str]:
        return {town.code: town.name for town in self.towns}

    def town_name(self, region: str) -> str:
        """The name of the town a code lies in; the code itself where the pack does not know it."""
        return self._names.get(region[:TOWN_DIGITS], region)


def load_locality(folder: Path) -> Locality:
    """Read ``locality.toml`` of a pack; raises SettingsError naming file and key."""
    file = folder / "locality.toml"
    try:
        values = tomllib.loads(file.read_text(encoding="utf-8"))
        theme = values.get("theme")
        if isinstance(theme, dict) and "logo" in theme:
            theme["logo"] = logo_of(folder, str(theme["logo"])).model_dump()
        return Locality.model_validate(values)
    except OSError as error:
        raise SettingsError(f"{file}: cannot be read ({error.strerror})") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{file}: not TOML ({error})") from error
    except ValidationError as error:
        first = error.errors()[0]
        raise SettingsError(f"{file}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from error


def logo_of(folder: Path, name: str) -> Logo:
    """The hall's mark; raises SettingsError."""
    try:
        return read_logo(folder, name)
    except ValueError as error:
        raise SettingsError(f"{folder / 'locality.toml'}: theme.logo: {error}") from error
