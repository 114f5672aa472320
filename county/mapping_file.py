"""The mapping table of a county, read from its file (docs/mapping.md)."""

from __future__ import annotations

import tomllib
from pathlib import Path

from contract.mapping import MappingFault, MappingTable, mapping_from
from county.settings import SettingsError


def read_mapping(file: Path) -> MappingTable:
    """The table in ``file``; SettingsError that names the file and what is wrong with it."""
    try:
        return mapping_from(tomllib.loads(file.read_text(encoding="utf-8")))
    except OSError as error:
        raise SettingsError(f"{file}: cannot be read ({error.strerror})") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{file}: not TOML: {error}") from error
    except MappingFault as fault:
        raise SettingsError(f"{file}: {fault}") from fault
