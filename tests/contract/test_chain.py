"""A journal's chain shows the first entry that was touched."""

import hashlib

import pytest

from contract.chain import START, Link, digest, first_break


def chain(*texts):
    links, previous = [], START
    for number, text in enumerate(texts, start=1):
        previous = digest(previous, text)
        links.append(Link(number, text, previous))
    return links


JOURNAL = ("card in", "PIN right", "服务 insurance_query", "card out")


def test_an_entry_is_bound_to_the_one_before_it():
    assert START == "0" * 64
    assert digest(START, "card in") == hashlib.sha256(b"0" * 64 + b"\ncard in").hexdigest()
    assert digest(digest(START, "one"), "two") != digest(START, "two")


@pytest.mark.parametrize("length", range(5))
def test_an_untouched_chain_holds(length):
    assert first_break(chain(*JOURNAL[:length])) is None


@pytest.mark.parametrize("place", range(4))
def test_a_changed_text_is_found(place):
    links = chain(*JOURNAL)
    links[place] = Link(place + 1, "something else", links[place].digest)
    assert first_break(links) == place + 1


@pytest.mark.parametrize("place", range(3))
def test_a_missing_entry_is_found(place):
    links = chain(*JOURNAL)
    del links[place]
    assert first_break(links) == place + 1


@pytest.mark.parametrize("place", range(3))
def test_moved_entries_are_found(place):
    links = chain(*JOURNAL)
    links[place], links[place + 1] = links[place + 1], links[place]
    assert first_break(links) == place + 1


@pytest.mark.parametrize("place", range(3))
def test_a_changed_text_with_its_own_digest_made_anew_breaks_at_the_next(place):
    links = chain(*JOURNAL)
    before = links[place - 1].digest if place else START
    links[place] = Link(place + 1, "something else", digest(before, "something else"))
    assert first_break(links) == place + 2


def test_an_entry_written_twice_is_found():
    links = chain(*JOURNAL)
    assert first_break([*links[:2], links[1], *links[2:]]) == 3
