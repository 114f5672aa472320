"""What goes wrong with the jack for headphones (K-15x)."""

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


OF_JACK: tuple[tuple[type[DeviceError], type[KioskError]], ...] = (
    (DeviceMissing, JackAway), (DeviceHangs, JackHangs), (DeviceError, JackFaulty),
)  # fmt: skip
"""General errors; the last row catches the rest."""
