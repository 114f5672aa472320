"""The texts of the resident face, as the voice needs them: all that can be said, in one language."""

from __future__ import annotations

from pathlib import Path

from kiosk.languages import CHINESE, texts_of


class FaceTexts:
    """The texts of the language packs of ``folder``; Chinese ones are the msgids of all of them. Read when asked."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __call__(self, tag: str) -> list[str]:
        """Every text in the language ``tag``; none for a language without a pack."""
        if tag == CHINESE:
            found = [text for file in sorted(self._folder.glob("*/words.po")) for text in texts_of(file)[0]]
            return list(dict.fromkeys(found))
        file = self._folder / tag / "words.po"
        return list(dict.fromkeys(texts_of(file)[0].values())) if file.is_file() else []
