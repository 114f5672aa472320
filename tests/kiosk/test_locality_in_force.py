"""What a county changes of a place without a visit: taken whole between two visits, or not at all."""

import json
from pathlib import Path

import pytest

from contract.feed import FeedKind, LocalityPack
from county.feeding.packs import publish_pack, withdraw_pack
from kiosk.locality import load_locality
from kiosk.locality_in_force import BadPack, LocalityInForce, laid_over
from kiosk.store import Store
from tests.hall import LOCALITY, eventually
from tests.screen import Screen, StaffScreen

CLERK = ("clerk", "chuangkou-shili-2026")
BASE = load_locality(Path(LOCALITY))


def pack(values, area="510521", version="v1"):
    return LocalityPack(area=area, version=version, values=values)


def test_what_a_pack_names_is_changed_and_nothing_else():
    changed = laid_over(BASE, [pack({"hall": {"phone": "0830-8888"}, "outbox": {"age_limit_days": 3}})])
    assert changed.hall.phone == "0830-8888"
    assert changed.outbox.age_limit_days == 3
    assert changed.outbox.owner == BASE.outbox.owner
    assert changed.model_copy(update={"hall": BASE.hall, "outbox": BASE.outbox}) == BASE


def test_the_pack_of_the_narrower_area_wins():
    town = pack({"hall": {"phone": "2"}}, "510521109")
    county = pack({"hall": {"phone": "1", "subtitle": "县"}})
    changed = laid_over(BASE, [town, county])
    assert (changed.hall.phone, changed.hall.subtitle) == ("2", "县")


@pytest.mark.parametrize(
    ("values", "place"),
    [
        ({"hall": {"phone": 12333}}, "hall.phone"),
        ({"hall": {"phone": "请拨打"}}, "hall.phone"),
        ({"hall": {"fone": "1"}}, "hall.fone"),
        ({"hall": "云龙"}, "hall"),
        ({"nonsense": {}}, "nonsense"),
        ({"verification": {"finger_seconds": 0}}, "verification.finger_seconds"),
        ({"verification": {"witness_minutes": float("inf")}}, "verification.witness_minutes"),
        ({"verification": {"consent_text": []}}, "verification.consent_text"),
        ({"display": {"jobs_per_page": 99}}, "display.jobs_per_page"),
        ({"towns": [{"code": "510521109"}]}, "towns.0.name"),
        ({"zone": "UTC"}, "zone"),
        ({"assurance": {"unproven_pin": True}}, "assurance"),
        ({"staff": {"offline_hours": 9000.0}}, "staff"),
        ({"jobs": {"page_size": 5}}, "jobs.page_size"),
    ],
)
def test_a_pack_that_is_wrong_is_refused_naming_the_place(values, place):
    with pytest.raises(BadPack, match=place):
        laid_over(BASE, [pack(values)])


class Feed:
    """What the feed holds, set by the test."""

    def __init__(self):
        self.revision, self.packs = 0, []

    def hold(self, *packs):
        self.revision, self.packs = self.revision + 1, [one.model_dump_json() for one in packs]


@pytest.fixture
def feed():
    return Feed()


@pytest.fixture
def in_force(tmp_path, feed):
    """Opens the pack in force on one store, as often as the machine starts."""
    store = Store(tmp_path / "kiosk.sqlite")
    yield lambda: LocalityInForce(BASE, store, lambda: feed.packs)
    store.close()


def test_a_new_pack_waits_for_its_turn(in_force, feed):
    place = in_force()
    assert not place.look(feed.revision)
    feed.hold(pack({"hall": {"phone": "1"}}))
    assert place.look(feed.revision)
    assert place.present == BASE
    assert place.settle()
    assert (place.present.hall.phone, place.versions) == ("1", "510521 v1")
    assert not place.look(feed.revision)
    assert not place.settle()


def test_a_bad_pack_is_refused_with_its_reason_and_the_last_good_one_stays_over_a_restart(in_force, feed):
    place = in_force()
    feed.hold(pack({"hall": {"phone": "1"}}))
    place.look(feed.revision)
    place.settle()
    feed.hold(pack({"hall": {"phone": ""}}, version="v2"))
    assert not place.look(feed.revision)
    assert "hall.phone" in place.refused
    assert place.present.hall.phone == "1"
    again = in_force()
    assert again.present.hall.phone == "1"
    again.look(feed.revision)
    assert "hall.phone" in again.refused
    feed.hold(pack({"hall": {"phone": "3"}}, version="v3"))
    again.look(feed.revision)
    again.settle()
    assert (again.present.hall.phone, again.refused) == ("3", "")


def test_a_pack_that_is_withdrawn_leaves_what_the_machine_came_with(in_force, feed):
    place = in_force()
    feed.hold(pack({"hall": {"phone": "1"}}))
    place.look(feed.revision)
    place.settle()
    feed.hold()
    assert place.look(feed.revision)
    place.settle()
    assert (place.present, place.versions) == (BASE, "")


def publish(hall, tmp_path, text, area="510521"):
    file = tmp_path / "pack.toml"
    file.write_text(text, encoding="utf-8")
    with hall.hub.hub.store.writing("feed") as connection:
        publish_pack(connection, area, file, hall.hub.hub.clock.now())
    hall.machine.county.feed.pull()


def changes(hall):
    told = [json.loads(entry.text) for entry in hall.machine.journal.entries()]
    return [fact for fact in told if fact["what"] == "locality_changed"]


def test_a_county_changes_the_hall_between_two_visits_and_never_within_one(hall, tmp_path):
    screen = Screen(hall)
    screen.visit("/services/job_board/")
    publish(hall, tmp_path, '[hall]\nname = "云龙镇新大厅"\n')
    hall.machine.follow_place()
    assert hall.machine.locality.hall.name == "云龙镇便民服务大厅"
    screen.visit("/")
    screen.send("/leave")
    eventually(lambda: hall.machine.locality.hall.name == "云龙镇新大厅", 15)
    screen.visit("/")
    screen.sees("云龙镇新大厅")
    eventually(lambda: [fact["versions"][:6] for fact in changes(hall)] == ["510521"], what="it is written down")
    with hall.hub.hub.store.writing("feed") as connection:
        withdraw_pack(connection, "510521")
    hall.machine.county.feed.pull()
    eventually(lambda: hall.machine.locality.hall.name == "云龙镇便民服务大厅", 15)


def test_a_pack_with_a_mistake_is_told_to_the_clerk_and_changes_nothing(hall, tmp_path):
    publish(hall, tmp_path, '[hall]\nphone = "1"\nfone = "2"\n')
    eventually(lambda: hall.machine.place.refused, 15)
    face = StaffScreen(hall)
    face.sign_in(*CLERK)
    face.visit("/health/")
    face.sees("县里发来的没有用上，还用原来的：hall.fone")
    assert hall.machine.locality.hall.phone == "12333"


def test_a_pack_stays_while_the_county_is_cut_however_long_and_over_a_restart(hall, tmp_path):
    publish(hall, tmp_path, '[hall]\nphone = "0830-1"\n', area="510521109")
    eventually(lambda: hall.machine.locality.hall.phone == "0830-1", 15)
    hall.cut()
    hall.move_clock(40 * 86400)
    hall.restart()
    assert hall.machine.locality.hall.phone == "0830-1"
    assert hall.machine.county.feed.bodies(FeedKind.LOCALITY_PACK)
