"""Code lists and locality packs in the feed: the county's own words, and what differs by place."""

from __future__ import annotations

import pytest

from contract.codes import LISTS_VERSION, InsuranceType
from contract.feed import FeedKind, FeedPage
from county import office as acts
from county.feeding.code_lists import LISTS, BadCodeLists, own_list, publish_file, publish_missing
from county.feeding.packs import BadPack, publish_pack


def items(office, kind):
    reply = office.client.get("/v1/feed?limit=1000&area=510521109")
    page = FeedPage.model_validate_json(reply.data)
    return {item.key: item.content() for item in page.items if item.kind is kind and not item.removed}


def written(folder, text):
    file = folder / "told.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_every_code_list_of_the_contract_is_published_once(empty_office):
    assert publish_missing(empty_office.hub.store) == len(LISTS)
    assert publish_missing(empty_office.hub.store) == 0
    found = items(empty_office, FeedKind.CODE_LIST)
    assert set(found) == set(LISTS)
    assert {row.code: row.words for row in found["insurance_type"].codes} == {
        code.value: code.label for code in InsuranceType
    }
    assert {one.version for one in found.values()} == {LISTS_VERSION}


def test_a_county_changes_words_and_the_program_leaves_them_alone(empty_office, tmp_path):
    publish_missing(empty_office.hub.store)
    file = written(tmp_path, 'version = "2026.1-lx"\n[insurance_type]\n"170" = "居民养老（城乡）"\n')
    assert acts.codes_told(empty_office.hub.settings, [str(file)]) == ["insurance_type  2026.1-lx  6 codes"]
    assert publish_missing(empty_office.hub.store) == 0
    told = items(empty_office, FeedKind.CODE_LIST)["insurance_type"]
    words = {row.code: row.words for row in told.codes}
    assert (told.version, told.local, words["170"], words["310"]) == ("2026.1-lx", True, "居民养老（城乡）", "职工医疗")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('[insurance_type]\n"170" = "x"\n', "version"),
        ('version = "1"\n[nonsense]\n"1" = "x"\n', "no code list"),
        ('version = "1"\n[insurance_type]\n"999" = "x"\n', "no such code"),
        ('version = "1"\n[insurance_type]\n"170" = 5\n', "words"),
        ('version = "1"\n[insurance_type]\n"170" = " "\n', "words"),
        ('version = "1"\ninsurance_type = "x"\n', "no code list"),
        ("version = ", "told.toml"),
    ],
)
def test_a_file_with_a_mistake_publishes_nothing(empty_office, tmp_path, text, why):
    with pytest.raises(BadCodeLists, match=why), empty_office.hub.store.writing("feed") as connection:
        publish_file(connection, written(tmp_path, text))
    assert items(empty_office, FeedKind.CODE_LIST) == {}


def test_lists_of_an_older_program_are_renewed(empty_office):
    from county.publishing import publish  # noqa: PLC0415  an older program's act

    old = own_list("wage_period").model_copy(update={"version": "2020.1"})
    with empty_office.hub.store.writing("feed") as connection:
        publish(connection, FeedKind.CODE_LIST, "wage_period", old)
    assert publish_missing(empty_office.hub.store) == len(LISTS)
    assert items(empty_office, FeedKind.CODE_LIST)["wage_period"].version == LISTS_VERSION


def test_a_pack_is_told_to_the_machines_of_its_area_only_and_taken_back(empty_office, tmp_path):
    settings = empty_office.hub.settings
    file = written(tmp_path, 'version = "3"\n[hall]\nphone = "0830-1"\n')
    assert acts.pack_told(settings, ["510522", str(file)])[0] == "510522  3  hall"
    assert items(empty_office, FeedKind.LOCALITY_PACK) == {}
    acts.pack_told(settings, ["510521", str(file)])
    assert items(empty_office, FeedKind.LOCALITY_PACK)["510521"].values == {"hall": {"phone": "0830-1"}}
    acts.pack_told(settings, ["510521"])
    assert items(empty_office, FeedKind.LOCALITY_PACK) == {}


@pytest.mark.parametrize(
    ("area", "text"),
    [("51", "[hall]\n"), ("510521", ""), ("510521", "version = 3\n[hall]\n"), ("510521", "x"), ("510521", "#" * 70000)],
)
def test_what_is_no_pack_is_not_published(empty_office, tmp_path, area, text):
    with pytest.raises(BadPack), empty_office.hub.store.writing("feed") as connection:
        publish_pack(connection, area, written(tmp_path, text), empty_office.hub.clock.now())
    assert items(empty_office, FeedKind.LOCALITY_PACK) == {}


def test_a_kiosk_passes_over_a_kind_of_item_it_does_not_know():
    page = FeedPage.model_validate_json(
        '{"cursor": "a", "more": false, "as_of": "2026-11-20T01:30:00Z",'
        ' "items": [{"kind": "hologram", "key": "1", "revision": 1, "body": {}},'
        ' {"kind": "policy", "key": "2", "revision": 2, "removed": true}]}'
    )
    assert [item.known for item in page.items] == [False, True]
    assert page.items[1].kind is FeedKind.POLICY
