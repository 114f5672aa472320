"""The invented people whose cards can be put in at the dock."""

from __future__ import annotations

from pathlib import Path

from devices.card.people import CardHolder, load_people


class PeopleFile:
    """The invented people, read again when the file changed."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._changed = -1
        self._people: tuple[CardHolder, ...] = ()

    def everybody(self) -> tuple[CardHolder, ...] | None:
        """All of them, special ones first; None where the file is not there. Raises ValueError for a broken file."""
        try:
            changed = self.path.stat().st_mtime_ns
        except OSError:
            return None
        if changed != self._changed:
            self._people = tuple(sorted(load_people(self.path), key=lambda person: not person.special))
            self._changed = changed
        return self._people

    def find(self, number: str) -> CardHolder | None:
        """Who has this social-security number; nobody in a file that cannot be read."""
        try:
            everybody = self.everybody() or ()
        except ValueError:
            return None
        return next((person for person in everybody if person.number == number), None)
