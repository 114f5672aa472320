"""The invented town moves into an empty hub once, and never into one that holds real people."""

import json
import stat

from sqlalchemy import func, insert, select

from contract.codes import StaffRole
from county import models
from county.demo import invent
from county.hub import build_hub
from county.seeding import fill


def count(hub, table):
    with hub.store.reading() as connection:
        return connection.scalar(select(func.count()).select_from(table))


def test_everybody_moved_in_with_everything(office):
    town = invent(1, office.hub.clock.today())
    held = [held for resident in town.residents for held in resident.participations]
    assert count(office.hub, models.residents) == count(office.hub, models.cards) == len(town.residents) >= 300
    assert count(office.hub, models.participations) == len(held)
    assert count(office.hub, models.contribution_months) == sum(len(each.months) for each in held)
    assert count(office.hub, models.accounts) == len(town.accounts)
    assert count(office.hub, models.wall_items) == len(town.display_items) == 12


def test_the_people_file_names_them_all_and_only_its_owner_reads_it(office):
    file = office.hub.settings.people
    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert len(lines) == count(office.hub, models.residents)
    assert {"name", "number", "card_number", "card_version", "pin", "special"} <= set(lines[0])
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_the_invented_staff_can_sign_in_and_their_notices_hang(office):
    town = invent(1, office.hub.clock.today())
    for member in town.accounts:
        reply = office.try_sign_in(member.account, member.password)
        assert reply.json["roles"] == [role.value for role in member.roles]
        if StaffRole.EDITOR in member.roles:
            headers = {"Staff-Session": reply.json["session"]}
            items = office.client.get("/v1/staff/display-items", headers=headers).json["items"]
            assert [item["state"] for item in items] == ["published"] * 12


def test_a_second_start_invents_nobody_and_leaves_the_file_alone(office):
    before = office.hub.settings.people.read_bytes()
    again = build_hub(office.hub.settings.model_copy(update={"demo_seed": 2}))
    assert count(again, models.residents) == count(office.hub, models.residents)
    assert again.settings.people.read_bytes() == before
    assert again.epoch == office.hub.epoch
    again.close()


def test_a_lost_people_file_is_written_again_for_the_same_town(office):
    file = office.hub.settings.people
    before = file.read_bytes()
    file.unlink()
    build_hub(office.hub.settings.model_copy(update={"demo_seed": 2})).close()
    assert file.read_bytes() == before


def test_a_hub_with_people_of_its_own_stays_as_it_is(empty_office):
    person = {"number": "510599190001010011", "name": "王示例", "sex": "1", "ethnic_group": "01", "region": "510521109"}
    with empty_office.hub.store.writing() as connection:
        born_on = empty_office.hub.clock.today()
        connection.execute(insert(models.residents).values(person | {"born_on": born_on, "reference": "r"}))
    again = build_hub(empty_office.hub.settings.model_copy(update={"demo_seed": 1}))
    assert count(again, models.residents) == 1
    assert not again.settings.people.exists()
    again.close()


def test_without_a_seed_nobody_is_invented(empty_office):
    assert count(empty_office.hub, models.residents) == 0
    assert not empty_office.hub.settings.people.exists()


def test_a_town_that_does_not_fit_leaves_nothing_behind(empty_office):
    town = invent(1, empty_office.hub.clock.today())
    empty_office.add_staff(town.accounts[0].account, StaffRole.CLERK)
    try:
        fill(empty_office.hub.store, town)
        moved_in = True
    except ValueError:
        moved_in = False
    assert not moved_in
    assert count(empty_office.hub, models.residents) == count(empty_office.hub, models.feed) == 0
