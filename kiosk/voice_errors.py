"""What goes wrong with the voice: the jack for headphones (K-15x), and a recording that cannot be used."""

from __future__ import annotations

from devices.device import DeviceError, DeviceHangs, DeviceMissing
from kiosk.errors import KioskError


class JackAway(KioskError):
    """The jack cannot be found."""

    code, words, next_step = "K-150", "耳机插口没有连上。", "私人的内容不读出来，请看屏幕。"
    hint = "Check the sound card and the line [devices] headphones; until then nothing personal is spoken."


class JackFaulty(KioskError):
    """The jack does not say whether a plug is in."""

    code, words, next_step = "K-151", "耳机插口出了点问题。", "私人的内容不读出来，请看屏幕。"
    hint = "The device of the line [devices] headphones does not answer as a jack does, or may not be read."


class JackHangs(KioskError):
    """A question to the jack never came back."""

    code, words, next_step = "K-159", "耳机插口没有反应。", "私人的内容不读出来，请看屏幕。"
    hint = "Its driver was started anew. Again and again: restart this program."


class ClipRefused(KioskError):
    """A recording that cannot be played, or that nobody would understand."""

    code, words, next_step, status = "K-612", "这段录音不能用。", "请再录一次，或换一个文件。", 400
    hint = "A WAV of 16 bits, 0.3 to 30 seconds, neither silent nor overdriven."

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


OF_JACK: tuple[tuple[type[DeviceError], type[KioskError]], ...] = (
    (DeviceMissing, JackAway), (DeviceHangs, JackHangs), (DeviceError, JackFaulty),
)  # fmt: skip
"""General errors; the last row catches the rest."""
