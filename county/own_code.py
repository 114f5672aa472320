"""Code that a county writes itself and names in a setting: ``python:module:factory``."""

from __future__ import annotations

import importlib
from typing import Any

from county.settings import SettingsError

OWN = "python:"


def made_by(named: str, setting: str, *handed: object) -> Any:
    """What the factory of ``named`` makes of ``handed``; SettingsError naming ``setting`` where it cannot be had."""
    module, _, factory = named.removeprefix(OWN).partition(":")
    try:
        return getattr(importlib.import_module(module), factory)(*handed)
    except (ImportError, AttributeError, TypeError, ValueError, OSError) as error:
        raise SettingsError(f"{setting}: {module}:{factory} cannot be loaded: {error}") from error
