"""Public content is believed by its signature: who stands between county and kiosk may keep it back, not change it."""

import json
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from contract.documents import HEADER, KEYS, key_name, sign
from contract.feed import (
    FeedPage,
)
from contract.key_list import SealingKey
from county.signing.document_keys import keys_beside, open_document_keys, renew_document_key
from kiosk.clock import Clock
from kiosk.county_errors import CountyUnavailable, DocumentForged
from kiosk.journal import Happening, Journal
from kiosk.store import Store
from kiosk.uplink.client import CountyClient
from kiosk.uplink.feed import Feed
from kiosk.uplink.job_index import JobIndex
from tests.hall import RunningHub
from tests.odd_county import Said
from tests.signed_county import DOCUMENT_KEY, PUBLIC, SINCE, key_list, said_keys, said_page, said_unchanged

NOW = datetime.now(UTC)
OTHER, THIRD = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()


class Proxy:
    """Carries requests to a county and changes the answers as it is told."""

    def __init__(self, target):
        self.change = lambda _path, body, headers: (body, headers)
        proxy = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                asked = {name: value for name, value in self.headers.items() if name.lower() != "host"}
                told = httpx.get(target + self.path, headers=asked, trust_env=False)
                kept = {name: told.headers[name] for name in ("etag", "as-of", HEADER) if name in told.headers}
                body, headers = proxy.change(self.path, told.content, kept)
                self.send_response(told.status_code)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class Copy:
    """A kiosk's copy before some county."""

    def __init__(self, folder, url, area="510521109"):
        self.store, self.clock = Store(folder / "kiosk.sqlite"), Clock("Asia/Shanghai")
        self.client = CountyClient(url, 10.0)
        self.feed = Feed(self.store, self.client, self.clock, area, JobIndex(self.store, 20))
        self.keys = self.feed.keys
        self.keys.journal = self.journal = Journal(self.store, self.clock, b"k" * 32)

    def happened(self, what):
        return [json.loads(link.text) for link in self.journal.entries() if json.loads(link.text)["what"] == what]

    def titles(self):
        return [item.title for item in self.feed.wall().items]

    def close(self):
        self.client.close()
        self.store.close()


@pytest.fixture
def hub(seeds, tmp_path):
    running = RunningHub(seeds.copy(tmp_path / "hub"))
    yield running
    running.stop()


@pytest.fixture
def proxy(hub):
    made = Proxy(hub.url)
    yield made
    made.close()


@pytest.fixture
def kiosk(tmp_path, proxy):
    made = Copy(tmp_path / "kiosk", proxy.url)
    yield made
    made.close()


@pytest.fixture
def copy(tmp_path, odd_county):
    odd_county.say("/v1/keys", said_keys())
    made = Copy(tmp_path, odd_county.url)
    yield made
    made.close()


def page(cursor="a", **other):
    return FeedPage(**({"cursor": cursor, "more": False, "as_of": NOW, "items": ()} | other))


def test_what_the_real_hub_signs_is_taken_and_its_key_remembered(kiosk):
    kiosk.feed.pull()
    assert kiosk.titles()
    kiosk.feed.pull()
    kiosk.feed.pull()  # nothing new: the moment is signed too
    assert kiosk.keys.refused == ""
    (trusted,) = kiosk.happened(Happening.COUNTY_KEY_TRUSTED)
    assert (trusted["how"], trusted["mark"]) == ("first meeting", kiosk.keys.mark)


def test_one_word_of_a_notice_changed_on_the_way_and_nothing_of_the_page_is_shown(kiosk, proxy):
    def change(path, body, headers):
        return (body.replace("县".encode(), "省".encode()) if path.startswith("/v1/feed") else body), headers

    proxy.change = change
    with pytest.raises(DocumentForged):
        kiosk.feed.pull()
    assert kiosk.titles() == []
    assert kiosk.store.recall("feed.cursor") == ""
    assert kiosk.keys.refused == "feed"


def test_what_was_held_stays_till_its_lease_ends_while_a_forger_stands_between(kiosk, proxy):
    kiosk.feed.pull()
    kiosk.feed.pull()  # an empty page, and with it the tag of an unchanged copy
    held = kiosk.titles()
    later = (NOW + timedelta(days=30)).isoformat()
    proxy.change = lambda _path, body, headers: (body, headers | {"as-of": later})
    for _ in range(3):
        with pytest.raises(DocumentForged):
            kiosk.feed.pull()
    assert kiosk.titles() == held
    assert len(kiosk.happened(Happening.DOCUMENT_REFUSED)) == 1
    kiosk.clock.move(timedelta(hours=73))
    assert kiosk.titles() == []  # a forged moment renewed no lease
    kiosk.clock.move(timedelta(0))
    proxy.change = lambda _path, body, headers: (body, headers)
    kiosk.feed.pull()
    assert kiosk.keys.refused == ""


def test_unsigned_content_is_refused(kiosk, proxy):
    kiosk.feed.pull()
    proxy.change = lambda _path, body, headers: (body, {n: v for n, v in headers.items() if n != HEADER})
    with pytest.raises(DocumentForged):
        kiosk.feed.pull()


def test_a_page_for_another_place_in_the_feed_is_no_answer(copy, odd_county):
    odd_county.say("/v1/feed", said_page(page("a")))
    copy.feed.pull()
    odd_county.say("/v1/feed", said_page(page("b", restart=True)))  # signed for the cursor ""
    with pytest.raises(DocumentForged):
        copy.feed.pull()
    assert copy.store.recall("feed.cursor") == "a"


def test_a_page_of_another_area_is_no_answer(copy, odd_county):
    odd_county.say("/v1/feed", said_page(page(), area="510521110"))
    with pytest.raises(DocumentForged):
        copy.feed.pull()


def test_an_unchanged_feed_is_the_countys_word_about_this_very_copy(copy, odd_county):
    odd_county.say("/v1/feed", said_page(page()))
    copy.feed.pull()
    odd_county.say("/v1/feed", said_unchanged(NOW.isoformat(), '"another copy"'))
    with pytest.raises(DocumentForged):
        copy.feed.pull()


def test_a_first_meeting_with_a_county_that_signs_nothing_comes_to_nothing(tmp_path, odd_county):
    odd_county.say("/v1/keys", Said(200, key_list().model_dump_json().encode()))
    odd_county.say("/v1/feed", said_page(page()))
    copy = Copy(tmp_path, odd_county.url)
    with pytest.raises(DocumentForged):
        copy.feed.pull()
    assert copy.keys.held() is None
    copy.close()


def test_a_machine_that_never_met_the_county_says_so(tmp_path, odd_county):
    odd_county.say("/v1/keys", Said(500))
    copy = Copy(tmp_path, odd_county.url)
    with pytest.raises(CountyUnavailable, match="never met"):
        copy.keys.sealing()
    assert (copy.keys.mark, copy.keys.kiosks()) == ("", ())
    copy.close()


def test_the_mark_in_the_settings_keeps_a_stranger_out_from_the_beginning(copy, odd_county):
    copy.keys.expected = "0000-0000-0000-0000"
    odd_county.say("/v1/feed", said_page(page()))
    with pytest.raises(DocumentForged):
        copy.feed.pull()
    copy.keys.expected = key_name(DOCUMENT_KEY.public_key())
    copy.feed.pull()
    assert copy.happened(Happening.COUNTY_KEY_TRUSTED)[0]["how"] == "settings"


def test_another_key_is_taken_only_from_a_list_that_the_old_one_signed(copy, odd_county):
    odd_county.say("/v1/feed", said_page(page()))
    copy.feed.pull()
    stranger = key_list(keys=(OTHER,), issued_at=NOW)
    odd_county.say("/v1/keys", said_keys(stranger, by=(OTHER,)))
    with pytest.raises(DocumentForged):
        copy.keys.renew()
    assert copy.keys.mark.replace("-", "") == key_name(DOCUMENT_KEY.public_key())
    both = key_list(keys=(OTHER, DOCUMENT_KEY), issued_at=NOW)
    odd_county.say("/v1/keys", said_keys(both, by=(OTHER, DOCUMENT_KEY)))
    copy.keys.renew()
    odd_county.say("/v1/feed", said_unchanged(NOW.isoformat(), by=OTHER))
    copy.feed.pull()
    ways = [told["how"] for told in copy.happened(Happening.COUNTY_KEY_TRUSTED)]
    assert ways == ["first meeting", "signed by the last"]


def test_content_under_a_key_not_heard_of_yet_fetches_the_keys_first(copy, odd_county):
    odd_county.say("/v1/feed", said_page(page()))
    copy.feed.pull()
    both = key_list(keys=(OTHER, DOCUMENT_KEY), issued_at=NOW)
    odd_county.say("/v1/keys", said_keys(both, by=(OTHER, DOCUMENT_KEY)))
    odd_county.say("/v1/feed", said_unchanged(NOW.isoformat(), by=OTHER))
    copy.feed.pull()
    assert copy.keys.mark.replace("-", "") == key_name(OTHER.public_key())


def test_a_county_that_lost_all_its_keys_is_believed_again_by_the_mark_in_the_settings(copy, odd_county):
    odd_county.say("/v1/feed", said_page(page()))
    copy.feed.pull()
    odd_county.say("/v1/keys", said_keys(key_list(keys=(THIRD,), issued_at=SINCE - timedelta(days=1)), by=(THIRD,)))
    with pytest.raises(DocumentForged):
        copy.keys.renew()
    copy.keys.expected = key_name(THIRD.public_key())
    copy.keys.renew()
    assert copy.keys.mark.replace("-", "") == key_name(THIRD.public_key())


def test_an_older_list_that_was_good_once_is_not_gone_back_to(copy, odd_county):
    odd_county.say("/v1/keys", said_keys(key_list("new", issued_at=NOW)))
    copy.keys.renew()
    odd_county.say("/v1/keys", said_keys(key_list("old", issued_at=NOW - timedelta(days=1))))
    copy.keys.renew()
    assert copy.keys.sealing() == SealingKey(key_id="new", public_key=PUBLIC)


def test_the_list_stays_known_after_a_restart_and_while_cut(copy, odd_county, tmp_path):
    copy.keys.renew()
    odd_county.say("/v1/keys", Said(500))
    again = Copy(tmp_path, odd_county.url)
    assert again.keys.sealing().key_id == "k"
    again.close()


def test_a_key_list_about_something_else_is_none(copy, odd_county):
    body = key_list().model_dump_json().encode()
    odd_county.say("/v1/keys", Said(200, body, {HEADER: sign(body, "feed", DOCUMENT_KEY)}))
    with pytest.raises(DocumentForged):
        copy.keys.renew()
    assert sign(body, KEYS, DOCUMENT_KEY) != sign(body, "feed", DOCUMENT_KEY)


def test_a_hub_that_changes_its_key_keeps_its_kiosks(hub, kiosk):
    kiosk.feed.pull()
    file = keys_beside(hub.settings.keys)
    old = open_document_keys(file, NOW)
    hub.stop()
    new = renew_document_key(file, datetime.now(UTC))
    hub.start()
    kiosk.feed.pull()
    assert new.name != old.name
    assert kiosk.keys.mark.replace("-", "") == new.name
    assert kiosk.keys.refused == ""
    assert file.stat().st_mode & 0o077 == 0


def test_staff_see_that_content_was_refused_and_which_key_is_trusted(hall, staff):
    staff.sign_in("clerk", "chuangkou-shili-2026")
    mark = hall.machine.county.feed.keys.mark
    staff.visit("/health/")
    staff.sees("县里密钥的标记", mark)
    staff.does_not_see("K-406")
    hall.cut()
    keys_beside(hall.hub.settings.keys).unlink()  # the county lost its document key
    hall.mend()
    with pytest.raises(DocumentForged):
        hall.machine.county.feed.pull()
    staff.visit("/health/")
    staff.sees("K-406", "没有采用", mark)
