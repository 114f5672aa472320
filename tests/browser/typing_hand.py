"""A hand at the keyboard of the screen: letters, candidates, strokes on the canvas."""

from __future__ import annotations

from tests.browser_screen import BrowserScreen
from tests.handwritten import Character


class TypingHand:
    """Types as a resident does; every verb waits until the screen shows what came of it."""

    def __init__(self, screen: BrowserScreen) -> None:
        self.screen = screen
        self.keys = screen.page.locator(".keyboard")
        self.field = screen.page.locator("input[name=q]")

    def open(self, tab: str = "") -> None:
        """Touch the field, and choose a tab."""
        if not self.keys.count():
            self.screen.tap(self.field)
            self.keys.wait_for()
        if tab:
            self.press(tab)

    def press(self, label: str) -> None:
        """One key by what stands on it."""
        self.screen.tap(self.keys.get_by_role("button", name=label, exact=True))

    def spell(self, letters: str) -> None:
        """Letter keys, one after another."""
        for letter in letters:
            self.press(letter)

    @property
    def offered(self) -> list[str]:
        """The candidates that can be seen."""
        return self.keys.locator("[data-kb-choose]").all_inner_texts()

    def choose(self, text: str) -> None:
        """Press a candidate once it is offered, and wait until the field has it."""
        before = self.text
        self.screen.waits_for(lambda: self.offered)
        further = self.keys.locator("[data-kb-turn='1']")
        while text not in self.offered and further.is_enabled():
            further.evaluate("(key) => key.click()")  # faster than a finger
        self.screen.waits_for(lambda: text in self.offered)
        self.press(text)
        self.screen.waits_for(lambda: self.text == before + text)

    @property
    def text(self) -> str:
        """What the field holds."""
        return self.field.input_value()

    def write(self, character: Character) -> None:
        """Draw the strokes of a character with the mouse of this window, which feels like a finger."""
        box = self.keys.locator("canvas").bounding_box()
        assert box is not None
        side = min(box["width"], box["height"])
        left, top = box["x"] + (box["width"] - side) / 2, box["y"] + (box["height"] - side) / 2
        mouse = self.screen.tab.mouse
        for stroke in character:
            for at, (x, y) in enumerate(stroke):
                mouse.move(left + x * side / 100, top + y * side / 100)
                if at == 0:
                    mouse.down()
            mouse.up()
