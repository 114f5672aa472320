"""Heads of kiosks' journals at the county: kept, compared, and flagged where one contradicts another."""

from __future__ import annotations

import pytest

from contract.chain import head_from
from county import office as acts

ONE, OTHER = "1a" * 32, "2b" * 32


def tell(office, number, digest=ONE, client=None):
    told = {"number": number, "digest": digest, "at": office.hub.clock.now().isoformat()}
    reply = (client or office.client).post("/v1/journal", json=told)
    assert reply.status_code == 200, reply.text
    return reply.json


def test_the_first_head_is_kept_and_a_later_one_is_the_newest(empty_office):
    assert tell(empty_office, 5)["contradicted"] is False
    told = tell(empty_office, 9, OTHER)
    assert (told["newest"]["number"], told["newest"]["digest"]) == (9, OTHER)
    assert not told["contradicted"]


def test_the_same_head_again_is_no_news(empty_office):
    tell(empty_office, 5)
    tell(empty_office, 9, OTHER)
    told = tell(empty_office, 5)
    assert told["newest"]["number"] == 9
    assert not told["contradicted"]
    assert len(acts.journal_told(empty_office.hub.settings, ["kiosk-01"])) == 2


@pytest.mark.parametrize(("number", "digest"), [(9, OTHER), (7, ONE), (7, OTHER)])
def test_a_head_that_cannot_follow_from_an_earlier_one_is_kept_and_flagged_for_ever(empty_office, number, digest):
    tell(empty_office, 9)
    assert tell(empty_office, number, digest)["contradicted"]
    assert tell(empty_office, 20, OTHER)["contradicted"]
    lines = acts.journal_told(empty_office.hub.settings, ["kiosk-01"])
    assert [("CONTRADICTS" in line) for line in lines] == [False, True, False]


def test_every_kiosk_has_a_journal_of_its_own(empty_office):
    other = empty_office.as_kiosk(empty_office.kiosk("kiosk-02"))
    tell(empty_office, 50)
    assert not tell(empty_office, 3, OTHER, other)["contradicted"]
    assert tell(empty_office, 50)["newest"]["number"] == 50


def test_an_officer_sees_them_and_can_hand_them_to_the_check(empty_office):
    settings = empty_office.hub.settings
    mark = empty_office.signer.enrolment.fingerprint
    assert acts.journal_told(settings, [mark]) == ["this kiosk told no head of its journal yet"]
    tell(empty_office, 1204)
    assert acts.listed(settings, [])[0].endswith("kiosk-01  journal 1204")
    line = acts.journal_told(settings, [mark])[0]
    assert head_from(line.split("  ")[0]).number == 1204
    tell(empty_office, 1204, OTHER)
    assert "JOURNAL CONTRADICTS ITSELF" in acts.listed(settings, [])[0]


@pytest.mark.parametrize("words", [[], ["nobody"], ["kiosk-01", "kiosk-02"]])
def test_an_officer_names_one_kiosk(empty_office, words):
    with pytest.raises(ValueError, match="kiosk"):
        acts.journal_told(empty_office.hub.settings, words)


@pytest.mark.parametrize(
    "told",
    [
        {"number": 0, "digest": ONE},
        {"number": 5, "digest": "x"},
        {"number": 5, "digest": ONE[:-1]},
        {"number": 2**63, "digest": ONE},
        {"digest": ONE},
    ],
)
def test_what_is_no_head_is_refused(empty_office, told):
    reply = empty_office.client.post("/v1/journal", json={"at": "2026-11-20T01:30:00Z"} | told)
    assert (reply.status_code, reply.json["type"]) == (422, "malformed")


def test_only_an_approved_kiosk_may_tell_a_head(empty_office):
    pending = empty_office.as_kiosk(empty_office.kiosk("kiosk-03", approved=False))
    head = {"number": 1, "digest": ONE, "at": "2026-11-20T01:30:00Z"}
    assert pending.post("/v1/journal", json=head).json["type"] == "kiosk-not-approved"
    assert empty_office.app.test_client().post("/v1/journal", json=head).status_code == 401
