"""The dock in Chromium: its plain forms are taken, and what it shows follows the desk by itself."""

import pytest

from kiosk.states import Serving, Vacant
from tests.hall import eventually


@pytest.fixture
def dock(hall, window):
    tab = window("monitor").new_page()
    tab.goto(f"http://{hall.settings.faces.resident}/dock/")
    return tab


def test_a_newcomer_puts_a_card_in_and_a_finger_on_the_glass(dock, hall):
    dock.get_by_label("插入 王秀英 的卡").click()
    dock.get_by_text("已插入 王秀英 的卡，密码 246810").wait_for()
    eventually(lambda: isinstance(hall.machine.desk.state, Serving), what="the desk serves")
    dock.get_by_role("button", name="右手食指太干").click()
    dock.get_by_text("玻璃上：右手食指（太干）").wait_for()
    dock.get_by_role("button", name="拔卡").click()
    dock.get_by_text("已拔卡").wait_for()
    eventually(lambda: isinstance(hall.machine.desk.state, Vacant), what="the desk is vacant")


def test_the_page_follows_the_desk_and_keeps_what_was_half_chosen(dock, hall):
    dock.get_by_text("卡有毛病").click()
    dock.get_by_label("插反了或芯片坏").check()
    hall.insert(hall.person("李伟"))
    dock.get_by_text("卡槽里：李伟").wait_for()
    dock.locator("[data-state]", has_text="Serving").wait_for()
    assert dock.get_by_label("插反了或芯片坏").is_checked()
    hall.remove()
    dock.locator("[data-state]", has_text="Vacant").wait_for()
    dock.get_by_text("卡槽空着").wait_for()
