"""Who tells whose electronic social-security card a code is: a county's own system, or nobody.

A county names its class in ``[hub] electronic_codes = "python:its_module:its_factory"`` (docs/installing.md). A code is
handed on once, as it was scanned: the hub does not look into it and does not keep it.
"""

from __future__ import annotations

from typing import Protocol


class ElectronicCodes(Protocol):
    """Asks whoever issues the codes. It may be asked by several threads, and is given up as ``backend_seconds`` says.

    Never logs code or number.
    """

    def holder_of(self, code: str) -> str | None:
        """The 社会保障号码 of whose code it is; None for one that is nobody's, too old, or used. May raise anything."""
