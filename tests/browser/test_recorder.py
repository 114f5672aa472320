"""A clerk records a prompt by microphone, in real Chromium with its invented microphone (it beeps)."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser_screen import FLAGS, BrowserStaff, chromium
from tests.staff.device_clerk import CLERK

INVENTED = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
FIRST = "/voice_recorder/zh-CN-sichuan/n-ling"
PATIENCE = 30_000


@pytest.fixture
def browser(playwright):
    """With a microphone that nobody has to speak into."""
    running = playwright.chromium.launch(executable_path=chromium(), args=[*FLAGS, *INVENTED])
    yield running
    running.close()


@pytest.fixture
def clerk(hall, window) -> BrowserStaff:
    staff = BrowserStaff(hall, window("monitor"))
    staff.sign_in(*CLERK)
    return staff


def own_pack(hall):
    return next(one for one in hall.machine.voice.packs if one.tag == "zh-CN-sichuan")


def test_a_prompt_is_recorded_heard_and_kept(hall, clerk):
    clerk.visit(FIRST)
    clerk.tab.get_by_role("button", name="开始录音").click()
    expect(clerk.tab.get_by_text("正在录，请念")).to_be_visible(timeout=PATIENCE)
    clerk.waits_for(lambda: clerk.tab.evaluate("() => document.querySelector('[data-level]').value > 0.02"))
    clerk.tab.wait_for_timeout(1500)  # as long as somebody speaks
    clerk.tab.get_by_role("button", name="录完了").click()
    expect(clerk.tab.get_by_text("先听一听")).to_be_visible(timeout=PATIENCE)
    clerk.tab.get_by_role("button", name="听一听").click()
    clerk.tab.get_by_role("button", name="用这段").click()
    expect(clerk.tab.get_by_role("heading", level=1, name="一")).to_be_visible(timeout=PATIENCE)
    sound = own_pack(hall).sound("n-ling")
    assert sound.seconds > 0.25
    assert sound.peak > 20000
    clerk.visit(FIRST)
    clerk.tab.get_by_role("button", name="听录音").click()
    expect(clerk.tab.get_by_text("正在放")).to_be_visible(timeout=PATIENCE)


def test_a_file_of_no_use_is_refused_with_words(clerk, tmp_path, watch):
    watch.forgive("400")
    file = tmp_path / "song.wav"
    file.write_bytes(b"ID3")
    clerk.visit(FIRST)
    clerk.tab.locator("input[type=file]").set_input_files(file)
    clerk.tab.get_by_role("button", name="上传文件").click()
    clerk.sees("不是 WAV 文件")
