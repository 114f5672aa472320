"""Settings: frozen, complete, validated before anything opens. An unknown key is refused, naming file and key."""

from __future__ import annotations

import ipaddress
import json
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

ENVIRONMENT_PREFIX = "KIOSK_"
FOREIGN_SECTIONS = frozenset({"hub"})
"""Sections of the same files that belong to the county's hub."""

Address = Annotated[str, StringConstraints(pattern=r"^[\w.:\[\]-]+:\d{1,5}$")]
KeyCodes = Annotated[
    tuple[Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Za-z0-9]{1,24}$")], ...], Field(max_length=8)
]


class SettingsError(Exception):
    """A configuration that cannot be used; the message names file and key."""


class Section(BaseModel):
    """A frozen section that refuses unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class KioskSection(Section):
    """What this machine is."""

    name: str = "kiosk-01"
    site: Annotated[str, StringConstraints(pattern=r"^\d{9}(\d{3})?$")] = "510521109"
    mode: Literal["kiosk", "counter"] = "kiosk"
    stage: Literal["development", "production"] = "production"
    folder: str = "var"
    locality: str = "config/localities/510521"
    voice: Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$")] = "zh-CN"
    least_free_mb: Annotated[float, Field(ge=1)] = 20.0


class FacesSection(Section):
    """Where the faces listen, and the proxy that may stand before them."""

    resident: Address = "127.0.0.1:8080"
    staff: Address = "127.0.0.1:8081"
    display: Address = "127.0.0.1:8082"
    proxy: str = ""
    proxy_hosts: tuple[str, ...] = ()


class DevicesSection(Section):
    """One line a device."""

    card: str = "pcsc:"
    fingerprint: str = ""
    printer: str = ""
    page_printer: str = ""
    id_card: str = ""
    scanner: str = ""
    headphones: str = ""
    people: str = "var/people.jsonl"
    trace: str = ""


class CountySection(Section):
    """The county API."""

    url: str = "http://127.0.0.1:8090"
    timeout_seconds: Annotated[float, Field(gt=0, le=30)] = 3.0
    poll_seconds: Annotated[float, Field(ge=1, le=3600)] = 30.0
    authority: str = ""
    document_key: Annotated[str, Field(pattern=r"^([0-9a-f]{4}(-?[0-9a-f]{4}){3})?$")] = ""
    verify_page: Annotated[str, Field(max_length=46, pattern=r"^(https://[!-~]+)?$")] = ""
    key_months: Annotated[int, Field(ge=0, le=120)] = 12


class PanelSection(Section):
    """The real size of the touchscreen, from which all sizes on it are computed."""

    width_px: Annotated[int, Field(ge=640)] = 1080
    width_mm: Annotated[float, Field(gt=50)] = 336.0

    @property
    def pixels_per_mm(self) -> float:
        """CSS pixels per millimetre."""
        return self.width_px / self.width_mm


class WallSection(Section):
    """The screen on the wall: size and the distance it is read from."""

    width_px: Annotated[int, Field(ge=640)] = 1920
    height_px: Annotated[int, Field(ge=480)] = 1080
    width_mm: Annotated[float, Field(gt=100)] = 1210.0
    distance_m: Annotated[float, Field(gt=0.3, le=30)] = 4.0


class SessionSection(Section):
    """How long a visit may be quiet, in seconds."""

    warn_seconds: Annotated[float, Field(ge=1)] = 60.0
    end_seconds: Annotated[float, Field(ge=2)] = 120.0
    form_end_seconds: Annotated[float, Field(ge=2)] = 180.0
    longest_seconds: Annotated[float, Field(ge=10, le=600)] = 600.0
    attract_seconds: Annotated[float, Field(ge=0, le=3600)] = 120.0


class KeypadSection(Section):
    """The four keys for use without sight, as KeyboardEvent.code names them; ``headphones``: sent by a jack in use."""

    back: KeyCodes = ("ArrowLeft", "ArrowUp")
    next: KeyCodes = ("ArrowRight", "ArrowDown")
    choose: KeyCodes = ("Enter", "NumpadEnter")
    help: KeyCodes = ("F1", "Help")
    headphones: KeyCodes = ("F15",)


class TypingSection(Section):
    """What reads handwriting: zinnia's library, by name or path, and the file of its model; an empty model is none."""

    handwriting_library: str = "zinnia"
    handwriting_model: str = "/usr/share/tegaki/models/zinnia/handwriting-zh_CN.model"


class Settings(Section):
    """Everything a machine is told from outside."""

    kiosk: KioskSection = KioskSection()
    faces: FacesSection = FacesSection()
    devices: DevicesSection = DevicesSection()
    county: CountySection = CountySection()
    panel: PanelSection = PanelSection()
    wall: WallSection = WallSection()
    session: SessionSection = SessionSection()
    keypad: KeypadSection = KeypadSection()
    typing: TypingSection = TypingSection()

    @property
    def folder(self) -> Path:
        """Where this machine keeps its files."""
        return Path(self.kiosk.folder)


def load_settings(files: list[Path], environment: Mapping[str, str]) -> Settings:
    """Read files in order (later wins), then the environment; raise SettingsError naming file and key."""
    merged: dict[str, dict[str, Any]] = {}
    for file in files:
        merge_section_wise(merged, checked(read_toml(file), str(file)))
    merge_section_wise(merged, checked(from_environment(environment), "environment"))
    settings = validated(merged, "the configuration taken together")
    check_faces(settings)
    return settings


def read_toml(file: Path) -> dict[str, Any]:
    """The tables of one file, without the hub's; raises SettingsError for a missing or broken file."""
    try:
        tables = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"{file}: cannot be read ({error.strerror})") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{file}: not TOML ({error})") from error
    return {name: table for name, table in tables.items() if name not in FOREIGN_SECTIONS}


def from_environment(environment: Mapping[str, str]) -> dict[str, Any]:
    """Sections out of variables named KIOSK_<SECTION>__<KEY>; values are TOML, or text where that fails."""
    sections: dict[str, Any] = {}
    for name, text in environment.items():
        section, separator, key = name.removeprefix(ENVIRONMENT_PREFIX).partition("__")
        if not name.startswith(ENVIRONMENT_PREFIX) or not separator or section.lower() in FOREIGN_SECTIONS:
            continue
        default = getattr(getattr(Settings(), section.lower(), None), key.lower(), None)
        sections.setdefault(section.lower(), {})[key.lower()] = text if isinstance(default, str) else toml_value(text)
    return sections


def toml_value(text: str) -> object:
    """A value as TOML reads it, else the text itself."""
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text


def checked(tables: dict[str, Any], source: str) -> dict[str, Any]:
    """The tables of one source, each valid by itself."""
    validated(tables, source)
    return tables


def validated(tables: Mapping[str, Any], source: str) -> Settings:
    """Settings out of tables; raises SettingsError that names source, key and reason."""
    try:
        return Settings.model_validate_json(to_json(tables))
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        reason = "unknown key" if first["type"] == "extra_forbidden" else first["msg"]
        raise SettingsError(f"{source}: {key}: {reason}") from error


def to_json(tables: Mapping[str, Any]) -> str:
    """JSON text: arrays become tuples and integers floats by JSON's rules, and nothing else is bent."""
    return json.dumps(tables, default=str)


def merge_section_wise(into: dict[str, dict[str, Any]], tables: Mapping[str, Any]) -> None:
    """Let the keys of ``tables`` win over those of ``into``."""
    for name, table in tables.items():
        into.setdefault(name, {}).update(table)


LAST_PORT = 65535


def is_loopback(address: str) -> bool:
    """True where only programs of this machine reach ``address`` (host:port). A name that begins with 127 is a name."""
    host = address.rpartition(":")[0]
    try:
        return host == "localhost" or ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def check_faces(settings: Settings) -> None:
    """Faces bind loopback; another address needs the TLS proxy that stands before it, named with its hosts."""
    faces = settings.faces
    for name, address in (("resident", faces.resident), ("staff", faces.staff), ("display", faces.display)):
        if not 1 <= int(address.rpartition(":")[2]) <= LAST_PORT:
            raise SettingsError(f"faces.{name}: {address} names no port from 1 to {LAST_PORT}")
        if is_loopback(address):
            continue
        if name == "resident":
            raise SettingsError(f"faces.resident: {address} is not loopback; the resident face never leaves it")
        if not (faces.proxy and faces.proxy_hosts):
            raise SettingsError(f"faces.{name}: {address} is not loopback and no faces.proxy with proxy_hosts is named")
