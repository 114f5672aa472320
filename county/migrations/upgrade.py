"""Run alembic from code: no ini file, no command line."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Engine

from county.settings import SettingsError


def upgrade(engine: Engine, found: str | None) -> None:
    """Bring the database behind ``engine`` from version ``found`` to the newest; raises SettingsError."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes["engine"] = engine
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise SettingsError(f"hub.database: version {found} is not known to this program") from error
