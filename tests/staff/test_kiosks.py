"""机器登记: an administrator lets another machine in, having compared its fingerprint, or shuts one out."""

from __future__ import annotations

import pytest

from contract.codes import KioskState
from county.kiosks import enrol, settle
from kiosk.journal import Happening
from tests.hall import Hall
from tests.screen import StaffScreen
from tests.signing import a_signer

ADMINISTRATOR = ("administrator", "guanli-shili-2026")


@pytest.fixture(scope="module")
def registry_hall(tmp_path_factory, seeds):
    opened = Hall(tmp_path_factory.mktemp("hall"), seeds)
    yield opened
    opened.close()


@pytest.fixture
def administrator(registry_hall):
    face = StaffScreen(registry_hall)
    face.sign_in(*ADMINISTRATOR)
    face.press("机器登记")
    return face


@pytest.fixture
def waiting(registry_hall, request):
    """The fingerprint of a machine that asked to be let in."""
    signer = a_signer(name=f"yunlong-{abs(hash(request.node.name)) % 1000}")
    with registry_hall.hub.hub.store.writing() as connection:
        enrol(connection, signer.enrolment, (), registry_hall.machine.clock.now())
    return signer.enrolment


def state_of(hall, enrolment) -> str:
    with hall.hub.hub.store.writing() as connection:
        return enrol(connection, enrolment, (), hall.machine.clock.now()).state.value


def journal(hall) -> str:
    return "".join(link.text for link in hall.machine.journal.entries() if Happening.KIOSK_SETTLED in link.text)


def test_a_machine_that_waits_is_compared_group_by_group_and_let_in(registry_hall, waiting, administrator):
    administrator.visit("/kiosks/")
    administrator.sees("等着批准的机器", waiting.fingerprint.replace("-", " "), waiting.name, "逐组比对")
    administrator.send("/kiosks/settle", mark=waiting.fingerprint, act="approve", sure="yes")
    administrator.sees(f"{waiting.name}（{waiting.fingerprint}）：县里已批准")
    assert state_of(registry_hall, waiting) == "approved"
    assert waiting.fingerprint in journal(registry_hall)
    assert '"clerk": "administrator"' in journal(registry_hall)


def test_without_the_tick_nothing_happens(registry_hall, waiting, administrator):
    administrator.send("/kiosks/settle", mark=waiting.fingerprint, act="approve")
    assert administrator.status == 400
    administrator.sees("请先逐组核对，打上勾")
    assert state_of(registry_hall, waiting) == "pending"
    assert waiting.fingerprint not in journal(registry_hall)


def test_one_that_was_let_in_is_shut_out_and_comes_back(registry_hall, waiting, administrator):
    for act, state in (("approve", "approved"), ("withdraw", "withdrawn"), ("approve", "approved")):
        administrator.send("/kiosks/settle", mark=waiting.fingerprint, act=act, sure="yes")
        assert state_of(registry_hall, waiting) == state
    administrator.sees("停用机器", "就是本机")


@pytest.mark.parametrize("mark", ["0000-0000-0000-0000", "x", "../../sessions/current", ""])
def test_a_mark_that_no_machine_has_is_said_and_nothing_is_written_down(registry_hall, administrator, mark):
    administrator.send("/kiosks/settle", mark=mark, act="approve", sure="yes")
    assert administrator.status in {400, 404}
    assert mark not in journal(registry_hall) or not mark


def test_an_act_that_no_button_makes_is_refused(administrator, waiting):
    administrator.send("/kiosks/settle", mark=waiting.fingerprint, act="destroy", sure="yes")
    assert administrator.status == 400


@pytest.mark.parametrize("who", [("clerk", "chuangkou-shili-2026"), ("editor", "bianji-shili-2026")])
def test_nobody_else_has_this_duty(registry_hall, who):
    face = StaffScreen(registry_hall)
    face.sign_in(*who)
    face.does_not_see("机器登记")
    face.visit("/kiosks/")
    assert face.status == 403


def test_an_administrator_who_signed_in_while_cut_settles_nothing(open_hall, waiting):
    hall = open_hall()
    face = StaffScreen(hall)
    face.sign_in(*ADMINISTRATOR)
    hall.cut()
    face.visit("/kiosks/")
    assert face.status == 503
    face.sign_in(*ADMINISTRATOR)
    face.visit("/kiosks/")
    face.does_not_see("批准机器", "停用机器", "登记过的机器")


def test_at_a_machine_that_waits_itself_nobody_signs_in_to_let_it_in(open_hall):
    hall = open_hall()
    with hall.hub.hub.store.writing() as connection:
        settle(connection, hall.machine.county.key_mark, KioskState.PENDING, "x", hall.machine.clock.now())
    face = StaffScreen(hall)
    face.sign_in(*ADMINISTRATOR)
    face.sees("县里还没有批准这台机器", "K-403", hall.machine.county.key_mark)
    face.visit("/kiosks/")
    face.sees("登录工作台")
