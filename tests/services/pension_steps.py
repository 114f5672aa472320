"""Steps of a verification that several tests walk, in the hall's words."""

import json

from sqlalchemy import select

from county.models import submissions
from kiosk.models import outbox
from tests.hall import eventually
from tests.screen import StaffScreen

ROOT = "/services/pension_verification/"
TITLE = "养老待遇资格认证"
CLERK = ("clerk", "chuangkou-shili-2026")


def sensor(screen):
    return screen.hall.machine.devices.simulators.fingerprint.sensor


def received(hall):
    with hall.hub.hub.store.reading() as connection:
        return connection.execute(select(submissions).order_by(submissions.c.id)).all()


def statement_of(row):
    """What the kiosk signed."""
    return json.loads(json.loads(row.content)["statement"])


def journal(screen):
    return "".join(link.text for link in screen.hall.machine.journal.entries())


def begins(screen, special="王秀英"):
    holder = screen.insert_card(special)
    screen.press(TITLE)
    screen.press("开始认证")
    screen.enter_pin(holder.card.pin)
    return holder


def agrees(screen, special="王秀英"):
    holder = begins(screen, special)
    eventually(lambda: screen.hall.machine.captures.ready, what="the sensor is ready")
    screen.visit(f"{ROOT}consent")
    screen.press("同意，按指纹")
    return holder


def passes_by_finger(screen, special="王秀英"):
    holder = agrees(screen, special)
    screen.place_finger(holder)
    screen.sees_soon("还差最后一步", "手指对上了")
    return holder


def asks_witness(screen):
    screen.press("请工作人员")
    screen.sees("已经叫了工作人员", "卡不要拔")


def clerk_says(hall, words):
    clerk = StaffScreen(hall)
    clerk.sign_in(*CLERK)
    clerk.visit("/witness/")
    clerk.press(words)


def clerk_known_here(hall):
    StaffScreen(hall).sign_in(*CLERK)


def outbox_rows(hall):
    with hall.machine.store.read() as connection:
        return connection.execute(select(outbox)).all()
