"""录提示音: a clerk records the hall's own voice, and hears at once what was recorded."""

from __future__ import annotations

import io

import pytest

from kiosk.journal import Happening
from kiosk.voice.prompts import NUMBER_WORDS
from tests.hall import Hall
from tests.screen import StaffScreen
from tests.staff.device_clerk import CLERK
from tests.voice.tones import tone

TAG = "zh-CN-sichuan"
FIRST = f"/voice_recorder/{TAG}/n-ling"


@pytest.fixture(scope="module")
def recording_hall(tmp_path_factory, seeds):
    opened = Hall(tmp_path_factory.mktemp("hall"), seeds)
    yield opened
    opened.close()


@pytest.fixture
def clerk(recording_hall):
    staff = StaffScreen(recording_hall)
    staff.sign_in(*CLERK)
    staff.visit("/voice_recorder/")
    yield staff
    for pack in recording_hall.machine.voice.packs:
        for key in pack.clips():
            pack.drop(key)


def upload(clerk, path, content):
    """Send a file with the form of the page of a prompt."""
    clerk.visit(path)
    return clerk.send(path, clip=(io.BytesIO(content), "clip.wav"))


def pack(hall, tag=TAG):
    return next(one for one in hall.machine.voice.packs if one.tag == tag)


def test_a_clip_is_recorded_while_the_county_is_cut(recording_hall, clerk):
    recording_hall.cut()
    clerk.sees("四川话", "没有录")
    clerk.visit(FIRST)
    upload(clerk, FIRST, tone())
    clerk.sees(NUMBER_WORDS["yi"])
    assert pack(recording_hall).sound("n-ling").seconds > 0.4
    written = [link.text for link in recording_hall.machine.journal.entries() if Happening.CLIP_RECORDED in link.text]
    assert len(written) == 1
    assert '"n-ling"' in written[0]
    recording_hall.mend()


def test_what_was_recorded_can_be_heard_and_deleted(recording_hall, clerk):
    upload(clerk, FIRST, tone(0.9))
    heard = clerk.client.get(f"{FIRST}/clip", base_url=clerk.base)
    assert (heard.status_code, heard.mimetype) == (200, "audio/wav")
    clerk.visit(FIRST)
    clerk.press("删掉录音")
    assert "n-ling" not in pack(recording_hall).clips()
    assert clerk.client.get(f"{FIRST}/clip", base_url=clerk.base).status_code == 404


def test_the_machine_reads_what_nobody_recorded(clerk):
    heard = clerk.client.get(f"{FIRST}/machine", base_url=clerk.base)
    assert heard.data[:4] == b"RIFF"


@pytest.mark.parametrize(
    ("content", "why"),
    [(b"MP3", "不是 WAV 文件"), (tone(0.6, peak=50), "没有声音"), (tone(0.1), "太短"), (b"", "不是 WAV 文件")],
)
def test_a_recording_of_no_use_is_refused_with_words(recording_hall, clerk, content, why):
    upload(clerk, FIRST, content)
    clerk.sees(why)
    assert "n-ling" not in pack(recording_hall).clips()


def test_a_form_without_a_file_is_refused(clerk):
    clerk.visit(FIRST)
    clerk.send(FIRST)
    clerk.sees("不是 WAV 文件")


def test_prompts_are_listed_by_how_they_stand(recording_hall, clerk):
    upload(clerk, FIRST, tone())
    clerk.visit(f"/voice_recorder/{TAG}/?show=recorded")
    clerk.sees("录好了", "零")
    clerk.visit(f"/voice_recorder/{TAG}/?show=nonsense")
    clerk.sees("没有录")
    clerk.visit(f"/voice_recorder/{TAG}/?show=missing&page=999")
    clerk.sees("这里没有了")
    (pack(recording_hall).own / "n-ling.wav").write_bytes(b"broken")
    pack(recording_hall).sound("n-ling")
    clerk.visit(f"/voice_recorder/{TAG}/?show=broken")
    clerk.sees("零")
    clerk.visit(FIRST)
    clerk.sees("坏了")


@pytest.mark.parametrize(
    "path",
    [
        "/voice_recorder/xx/",
        f"/voice_recorder/{TAG}/p-0000000000",
        "/voice_recorder/xx/n-yi",
        f"/voice_recorder/{TAG}/n-yi/clip",
    ],
)
def test_what_there_is_not_is_no_page(clerk, path):
    assert clerk.client.get(path, base_url=clerk.base).status_code == 404


def test_only_this_duty_may_use_a_microphone(clerk):
    here = clerk.client.get(FIRST, base_url=clerk.base).headers.get_all("Permissions-Policy")
    assert len(here) == 1
    assert "microphone=(self)" in here[0]
    elsewhere = clerk.client.get("/health/", base_url=clerk.base).headers.get_all("Permissions-Policy")
    assert len(elsewhere) == 1
    assert "microphone=()" in elsewhere[0]


def test_nobody_records_without_signing_in(recording_hall):
    stranger = StaffScreen(recording_hall)
    answer = stranger.client.get(FIRST, base_url=stranger.base)
    assert answer.status_code == 303
