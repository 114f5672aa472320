"""Run alembic from code: no ini file, no command line."""

from __future__ import annotations

import logging
import random
import time
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from county.settings import SettingsError

log = logging.getLogger(__name__)

TRIES = 60
LONGEST_PAUSE = 2.0
LOCK_NOT_AVAILABLE = "55P03"


def upgrade(engine: Engine, found: str | None) -> None:
    """Bring the database behind ``engine`` from version ``found`` to the newest; raises SettingsError.

    All of it or nothing, beside hubs that go on serving: where one of them holds a table for long, this lets go of
    everything and tries again, a minute or so.
    """
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes["engine"] = engine
    for _ in range(TRIES):
        try:
            command.upgrade(config, "head")
        except CommandError as error:
            raise SettingsError(f"hub.database: version {found} is not known to this program") from error
        except OperationalError as error:
            if getattr(error.orig, "sqlstate", "") != LOCK_NOT_AVAILABLE:
                raise
            log.info("the tables are in use; trying again to change them")
            time.sleep(random.uniform(0, LONGEST_PAUSE))  # noqa: S311 - a pause, not a secret
        else:
            return
    raise SettingsError(
        "hub.database: the tables are in use all the time; stop the other hubs and start this one first"
    )
