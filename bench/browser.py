"""Chromium for benches and pictures: the system's own, driven by playwright."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, BrowserContext, sync_playwright

PORTRAIT, LANDSCAPE = (1080, 1920), (1920, 1080)
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
             "--disable-component-update", "--disable-sync", "--lang=zh-CN"]  # fmt: skip


@contextmanager
def chromium() -> Iterator[Browser]:
    """The system's Chromium without a window."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        raise RuntimeError("chromium is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


def window(browser: Browser, size: tuple[int, int], *, half: bool = False) -> BrowserContext:
    """A window of its own. ``half``: pictures come out at half the size."""
    return browser.new_context(
        viewport={"width": size[0], "height": size[1]}, device_scale_factor=0.5 if half else 1, locale="zh-CN",
        timezone_id="Asia/Shanghai",
    )  # fmt: skip
