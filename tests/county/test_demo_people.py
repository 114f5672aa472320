"""What the dock and the simulators are told about the invented people."""

import hashlib
import json
from datetime import date
from random import Random

import pytest

from county.demo import invent, people_lines, template_of
from county.demo_employers import credit_code_check, invented_employers

TODAY = date(2026, 3, 18)
FIELDS = {
    "name",
    "number",
    "card_number",
    "card_version",
    "pin",
    "special",
    "identification",
    "issued_on",
    "valid_until",
    "card_status",
    "ethnic_group",
    "sex",
    "born_on",
    "region",
    "fingers",
}


@pytest.fixture(scope="module")
def town():
    return invent(1, TODAY)


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
    assert date.fromisoformat(wang["issued_on"]) < TODAY < date.fromisoformat(wang["valid_until"])


def test_a_template_is_512_bytes_from_the_seed_alone():
    template = template_of("A51059902|right_index")
    assert len(template) == 512
    assert template[:2] == b"\x03\x01"
    assert template[2:] == hashlib.shake_256(b"A51059902|right_index|ef01 template").digest(510)


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
