"""The yearly check in a county whose fingers were enrolled with 中正, 维尔 or 天诚盛业 sensors."""

import json

import pytest
from sqlalchemy import update

from county.models import fingers
from devices.fingerprint.features.faults import FeatureFault
from devices.fingerprint.simulated.fingers import template_of
from tests.hall import eventually
from tests.screen import Screen
from tests.services.pension_steps import agrees, begins, received, sensor, statement_of

SIZES = {"split-nibble": 256, "7e42": 250}


@pytest.fixture(params=SIZES)
def screen(request, open_hall):
    """A hall with such a sensor; the county holds everybody's templates as that sensor made them."""
    hall = open_hall(devices={"fingerprint": f"simulated:{request.param}"})
    hub = hall.hub
    hub.stop()
    hub.settings = hub.settings.model_copy(update={"template_format": request.param})
    hub.start()
    holder = hall.person("王秀英")
    seeds = hall.fingers(holder)
    with hub.hub.store.writing() as connection:
        for finger, seed in seeds.items():
            chosen = fingers.c.finger == finger
            enrolled = template_of(seed, SIZES[request.param])
            connection.execute(update(fingers).where(chosen).values(content=enrolled))
    return Screen(hall)


def test_a_resident_passes_by_finger(screen):
    holder = agrees(screen)
    screen.place_finger(holder)
    screen.sees_soon("还差最后一步", "手指对上了")
    screen.press("提交认证")
    screen.sees("认证已通过", "编号")
    (row,) = received(screen.hall)
    assert statement_of(row)["method"] == "kiosk_fingerprint"
    assert json.loads(row.answer)["status"] == "accepted"


def test_somebody_elses_finger_does_not_pass(screen):
    agrees(screen)
    sensor(screen).place_finger("somebody else's finger")
    screen.sees_soon("没有对上")
    screen.does_not_see("还差最后一步")
    assert not received(screen.hall)


def test_a_sensor_that_fails_leaves_the_clerk(screen):
    begins(screen)
    eventually(lambda: screen.hall.machine.captures.ready, what="the sensor is ready")
    sensor(screen).fail(FeatureFault.UNPLUGGED)
    eventually(lambda: not screen.hall.machine.captures.ready, seconds=20, what="the sensor is missed")
    screen.visit("/services/pension_verification/consent")
    screen.sees("工作人员")
    sensor(screen).mend()
    eventually(lambda: screen.hall.machine.captures.ready, seconds=20, what="the sensor is back")
