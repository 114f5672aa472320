"""What the dock and the simulators are told about the invented people."""

import hashlib
import json
from datetime import date
from random import Random

import pytest

from county.demo import people_lines, template_of
from county.demo.employers import credit_code_check, invented_employers
from devices.card.people import load_people
from devices.fingerprint.simulated import fingers as sensor
from tests.county.invented import TODAY, town_of

FIELDS = {
    "name",
    "number",
    "card_number",
    "card_version",
    "pin",
    "special",
    "card_status",
    "sex",
    "born_on",
    "region",
    "card",
    "fingers",
}


@pytest.fixture(scope="module")
def town():
    return town_of(1, TODAY)


@pytest.fixture(scope="module")
def people(town):
    return [json.loads(line) for line in people_lines(town)]


def test_one_line_for_each_resident_named_ones_first(town, people):
    assert [person["number"] for person in people] == [resident.number for resident in town.residents]
    assert people[0]["name"] == "李伟"
    assert all(set(person) == FIELDS for person in people)


def test_no_line_holds_a_line_end_and_chinese_stays_readable(town):
    lines = list(people_lines(town))
    assert not any("\n" in line for line in lines)
    assert '"name": "李𬱖"' in "".join(lines)


def test_a_line_tells_all_that_a_card_and_three_fingers_need(people):
    wang = next(person for person in people if person["name"] == "王秀英")
    assert (wang["pin"], wang["card_version"], wang["card_status"], wang["sex"]) == ("246810", "2.00", "normal", "2")
    assert wang["special"] == "本月该认证，录了三个手指"
    assert set(wang["fingers"]) == {"right_index", "right_thumb", "left_index"}
    card = wang["card"]
    assert date.fromisoformat(card["issued"]) < TODAY < date.fromisoformat(card["valid_until"])
    assert card["ethnic_group"] == "01"


def test_a_template_is_512_bytes_from_the_seed_alone():
    template = template_of("A51059902|right_index")
    assert len(template) == 512
    assert template[:2] == b"\x03\x01"
    assert template[2:] == hashlib.shake_256(b"ef01 template\nA51059902|right_index").digest(510)


def test_the_simulated_sensor_makes_the_same_template_by_its_own_code(people):
    seeds = [seed for person in people for seed in person["fingers"].values()]
    assert len(seeds) > 200
    assert all(template_of(seed) == sensor.template_of(seed) for seed in seeds)


def test_the_simulated_reader_takes_every_line_and_shows_the_card_of_it(town, tmp_path):
    file = tmp_path / "people.jsonl"
    file.write_text("\n".join(people_lines(town)), encoding="utf-8")
    for holder, resident in zip(load_people(file), town.residents, strict=True):
        card, written = holder.card, resident.card
        assert (holder.name, holder.number, holder.special) == (resident.name, resident.number, resident.special)
        assert (card.card_number, card.identification) == (written.number, written.identification)
        assert (card.version, card.pin, card.ethnic_group) == (written.version, written.pin, resident.ethnic_group)
        assert (card.issued, card.valid_until) == (f"{written.issued_on:%Y%m%d}", f"{written.valid_until:%Y%m%d}")


def test_two_seeds_make_two_templates():
    assert template_of("one") != template_of("other")


def test_the_credit_code_check_agrees_with_the_standard():
    assert credit_code_check("91350100M000100Y4") == "3"


def test_employers_have_own_names_and_codes_of_the_unassigned_county():
    employers = invented_employers(Random(1))  # noqa: S311 - reproducible chance
    assert len({employer.name for employer in employers}) == len(employers) >= 60
    assert len({employer.credit_code for employer in employers}) == len(employers)
    for employer in employers:
        assert employer.credit_code[2:8] == "510599"
        assert credit_code_check(employer.credit_code[:17]) == employer.credit_code[17]
