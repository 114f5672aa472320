"""A locality pack of one's own: that of the town with other lines in its table of assurance."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from tests.hall import LOCALITY


def pack_granting(folder: Path, **worth: str) -> str:
    """The folder of a pack whose ``[assurance]`` says this of ``id_card`` and ``electronic_code``."""
    shutil.copytree(LOCALITY, folder)
    file = folder / "locality.toml"
    text = file.read_text(encoding="utf-8")
    for key, granted in worth.items():
        text, times = re.subn(rf'^{key} = "\w+"$', f'{key} = "{granted}"', text, flags=re.MULTILINE)
        assert times == 1, key
    file.write_text(text, encoding="utf-8")
    return str(folder)
