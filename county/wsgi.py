"""The hub for a WSGI server: one application a process, all processes alike, on one PostgreSQL.

``gunicorn --config deploy/gunicorn.conf.py "county.wsgi:open_application()"``
"""

from __future__ import annotations

import atexit
import logging
import os
from collections.abc import Mapping
from pathlib import Path

from flask import Flask

from county.app import create_app
from county.chores import Chores
from county.hub import build_hub
from county.settings import SettingsError, Stage, load_settings

CONFIG = "KIOSK_CONFIG"
"""The settings files, parted as in PATH; those named later win. config/kiosk.toml is read before them."""
DEFAULTS = Path(__file__).resolve().parent.parent / "config" / "kiosk.toml"


def open_application(environment: Mapping[str, str] = os.environ) -> Flask:
    """The hub that ``environment`` describes, its chores under way; raises SettingsError.

    Nothing that one process knows is missed by another: what has to be remembered stands in the database. The
    movable clock of development does not, so this refuses development.
    """
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s %(message)s")
    files = [Path(file) for file in environment.get(CONFIG, "").split(os.pathsep) if file]
    settings = load_settings([DEFAULTS, *files], environment)
    if settings.stage is Stage.DEVELOPMENT:
        raise SettingsError("hub.stage: several processes share no movable clock; development is served by run.py")
    hub = build_hub(settings)
    chores = Chores(hub.store, hub.clock)
    chores.start()
    atexit.register(hub.close)
    atexit.register(chores.stop)  # what is registered last is called first
    return create_app(hub)
