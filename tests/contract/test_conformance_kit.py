"""The kit itself: no address and no refusal is without a check, and what it writes is safe to pass on."""

from __future__ import annotations

import http.server
import json
import re
import threading
from collections import Counter
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask, request
from waitress.server import create_server

from contract.conformance import checks
from contract.conformance.check import Check
from contract.conformance.checks import CHECKS
from contract.conformance.keys import KeysError, fresh_kiosk, kiosk_in
from contract.conformance.line import Exchange
from contract.conformance.persons import Account, Person, Persons, PersonsError, load_persons
from contract.conformance.program import Wanted, conform, inspect
from contract.conformance.report import Outcome, Report, write_report
from contract.conformance.unseen import NOT_ASKED, NOT_PROVOKED
from contract.conformance.verdicts import Verdict
from contract.enrolment import KioskEnrolment
from contract.examples import EXAMPLES
from contract.operations import OPERATIONS
from contract.problems import ProblemType

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 20, 1, 30, tzinfo=UTC)
NUMBER, PASSWORD = "51059919520315001X", "correct horse battery"


def test_every_address_is_asked_by_a_check_or_listed_with_its_reason():
    asked = {key for one in CHECKS for key in one.operations}
    assert asked | set(NOT_ASKED) == {row.key for row in OPERATIONS}
    assert not asked & set(NOT_ASKED)


def test_every_refusal_is_provoked_by_a_check_or_listed_with_its_reason():
    provoked = {reason for one in CHECKS for reason in one.refusals}
    assert provoked | set(NOT_PROVOKED) == set(ProblemType)
    assert not provoked & set(NOT_PROVOKED)
    assert all({*NOT_ASKED.values(), *NOT_PROVOKED.values()})


def test_every_check_has_a_name_of_its_own_a_proof_and_a_cure_and_is_made():
    assert [key for key, times in Counter(one.key for one in CHECKS).items() if times > 1] == []
    for one in CHECKS:
        assert re.fullmatch(r"[a-z]+\.[a-z-]+", one.key)
        assert one.proves.endswith(".")
        assert one.cure.rstrip(".").count(" ") >= 4, one.key
    modules = [module for module in vars(checks).values() if getattr(module, "CHECKS", None)]
    written = {one.key for module in modules for one in vars(module).values() if isinstance(one, Check)}
    assert written == {one.key for one in CHECKS}


def test_the_document_names_every_check():
    text = (ROOT / "docs" / "conformance.md").read_text(encoding="utf-8")
    assert [one.key for one in CHECKS if f"`{one.key}`" not in text] == []


@contextmanager
def a_server_of_another_kind(answer: bytes = b"<html>Welcome!</html>"):
    """Answers every request with the same page, as a portal does."""

    class Page(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.send_response(200)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        do_POST = do_PUT = do_DELETE = do_GET  # noqa: N815 - names the server looks for

        def log_message(self, *_):
            """Says nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)


@pytest.mark.parametrize("answer", [b"<html>Welcome!</html>", b"[]", b'{"now": 7, "items": null}', b'"text"'])
def test_a_server_that_is_something_else_fails_and_breaks_nothing(answer):
    with a_server_of_another_kind(answer) as url:
        report = inspect(Wanted(url, (fresh_kiosk("kit"),), a_cast()), lambda: NOW)
    assert not report.passed
    assert {"county.pulse", "county.keys", "kiosk.enrolment", "feed.content"} <= set(report.keys(Verdict.FAILED))
    assert len(report.outcomes) == len(CHECKS)


AGREEABLE = {
    "county.pulse", "county.keys", "times.zone", "kiosk.enrolment", "feed.content", "feed.order", "feed.paging",
    "clock.within", "resident.contributions", "resident.amounts", "resident.eligibility", "scope.no-choice",
    "submission.appointment", "submission.offline", "submission.late", "idempotency.same-answer", "headers.no-cookie",
    "problems.private", "versions.unknown-fields", "staff.set-password",
}  # fmt: skip
"""All that may pass at a server which agrees to everything and remembers nothing."""


def an_agreeable_server() -> Flask:
    """Answers every address with the example of the contract, whoever asks whatever."""
    app = Flask(__name__)

    @app.route("/<path:path>", methods=["GET", "POST", "PUT", "DELETE"])
    def agree(path):
        if path == "v1/kiosks" and request.is_json:
            asked = KioskEnrolment.model_validate_json(request.get_data())
            return {"key_id": asked.key_id, "fingerprint": asked.fingerprint, "state": "approved"}
        rows = (row for row in OPERATIONS if re.fullmatch(re.sub(r"{\w+}", "[^/]+", row.path), f"/{path}"))
        row = next((row for row in rows if row.method == request.method), None)
        if row is None or row.answer is None:
            return "", 204
        return EXAMPLES[row.answer].model_dump(mode="json"), row.status

    return app


def test_a_server_that_agrees_to_everything_is_seen_through():
    server = create_server(an_agreeable_server(), listen="127.0.0.1:0", threads=4, ident="")
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    kiosks = (fresh_kiosk("one"), fresh_kiosk("two"))
    report = inspect(Wanted(f"http://127.0.0.1:{server.effective_port}", kiosks, a_cast()), lambda: NOW)
    with suppress(OSError):
        server.trigger.pull_trigger(lambda: [line.close() for line in list(server._map.values())])
    thread.join(10)
    assert set(report.keys(Verdict.PASSED)) <= AGREEABLE
    assert len(report.keys(Verdict.FAILED)) > len(CHECKS) / 2, report.lines()


def test_a_server_that_is_not_there_fails():
    report = inspect(Wanted("http://127.0.0.1:9", (fresh_kiosk("kit"),), Persons()), lambda: NOW)
    assert report.keys(Verdict.FAILED) == ["county.pulse"]
    assert len(report.keys(Verdict.NOT_RUN)) == len(CHECKS) - 1
    assert any("got no answer" in line for line in report.lines())


def a_person():
    return Person(name="李𬱖", social_security_no=NUMBER, card_number="A51059916", identification="510599" * 5)


def a_cast():
    account = Account(account="editor", password=PASSWORD)
    entries = [name for name, field in Persons.model_fields.items() if field.annotation == Person | None]
    return Persons(
        **dict.fromkeys(entries, a_person()), **dict.fromkeys(("clerk", "editor", "approver", "administrator"), account)
    )


def test_nothing_private_stands_in_a_report(tmp_path):
    echo = f'{{"echo": "{NUMBER}", "sitting": "0123456789abcdef", "password": "{PASSWORD}"}}'.encode()
    with a_server_of_another_kind(echo) as url:
        write_report(inspect(Wanted(url, (fresh_kiosk("kit"),), a_cast()), lambda: NOW), tmp_path)
    for file in ("report.json", "report.html"):
        text = (tmp_path / file).read_text(encoding="utf-8")
        assert "•••" in text
        for private in (NUMBER, PASSWORD, "A51059916", "0123456789abcdef"):
            assert private not in text, file


def an_outcome(verdict, said=""):
    hostile = "<script>alert(1)</script><img src=http://elsewhere.example/x onerror=alert(1)>"
    exchange = Exchange("GET", "/v1/feed", hostile, 200, hostile)
    return Outcome(f"feed.{verdict.name.lower()}", "It proves.", "Cure it so.", verdict, said or hostile, (exchange,))


def test_a_hostile_answer_is_only_text_on_the_page():
    report = Report("http://county.example", NOW, ("0000-0000-0000-0001",), tuple(map(an_outcome, Verdict)))
    page = report.as_page()
    assert "<script" not in page
    assert "<img" not in page
    assert "&lt;script&gt;" in page
    assert re.findall(r"""(?:src|href)=["']?\S+""", re.sub("&lt;.*?&gt;", "", page)) == []
    assert "default-src 'none'; style-src 'sha256-" in page
    for words in ("It proves.", "Cure: Cure it so.", "1 passed, 1 failed, 1 not run", "What this kit cannot see"):
        assert words in page


def test_the_report_tells_programs_the_same():
    report = Report("http://county.example", NOW, (), tuple(map(an_outcome, Verdict)))
    told = json.loads(report.as_json())
    assert told["counts"] == {"passed": 1, "failed": 1, "not run": 1}
    assert told["passed"] is False
    assert [row["verdict"] for row in told["outcomes"]] == ["passed", "failed", "not run"]
    assert told["not_provoked"].keys() == {reason.value for reason in NOT_PROVOKED}


def test_a_run_in_which_nothing_was_proven_is_no_success():
    assert not Report("x", NOW, (), (an_outcome(Verdict.NOT_RUN),)).passed
    assert Report("x", NOW, (), (an_outcome(Verdict.PASSED), an_outcome(Verdict.NOT_RUN))).passed


def test_the_summary_names_failures_first_with_their_cure():
    outcomes = (an_outcome(Verdict.NOT_RUN, "no persons"), an_outcome(Verdict.FAILED, "500 instead of 200"))
    lines = Report("http://county.example", NOW, ("4821-0937-5516-2204",), outcomes).lines()
    assert lines[1].strip() == "kiosk 4821-0937-5516-2204"
    assert lines[2:4] == ["FAILED   feed.failed: 500 instead of 200", "         cure: Cure it so."]
    assert lines[4:] == ["not run  feed.not_run: no persons", "0 passed, 1 failed, 1 not run"]


def test_keys_are_made_once_for_their_owner_only(tmp_path):
    file = tmp_path / "kit" / "kiosk-signing"
    first = kiosk_in(file)
    assert kiosk_in(file).enrolment == first.enrolment
    for place in (file, file.with_name("kiosk-receiving")):
        assert place.stat().st_mode & 0o077 == 0
        assert len(place.read_bytes()) == 32


def test_keys_that_cannot_be_used_are_named(tmp_path):
    with pytest.raises(KeysError, match="signing"):
        kiosk_in(tmp_path / "key.pem")
    file = tmp_path / "kiosk-signing"
    file.write_bytes(b"short")
    with pytest.raises(KeysError, match="kiosk-receiving"):
        kiosk_in(file)
    (tmp_path / "kiosk-receiving").write_bytes(b"short")
    with pytest.raises(KeysError, match="32 raw bytes"):
        kiosk_in(file)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("persons.toml", 'site = "510521106"\n[clerk]\naccount = "a"\npassword = "b"\n'),
        ("persons.json", '{"site": "510521106", "clerk": {"account": "a", "password": "b"}}'),
    ],
)
def test_test_persons_come_as_toml_or_json(tmp_path, name, text):
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    persons = load_persons(file)
    assert persons.clerk == Account(account="a", password="b")
    assert (persons.site, persons.insured) == ("510521106", None)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("insured = 1", "insured"), ("nobody = 1", "nobody"), ("[clerk]\naccount = 'a'", "clerk.password"),
        ("site = 'here'", "site"), ("= 1", "neither TOML nor JSON"),
    ],
)  # fmt: skip
def test_a_file_of_test_persons_that_cannot_be_used_is_named(tmp_path, text, named):
    file = tmp_path / "persons.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(PersonsError, match=re.escape(f"{file}: ") + f".*{named}"):
        load_persons(file)
    with pytest.raises(PersonsError, match="cannot be read"):
        load_persons(tmp_path / "none.toml")


def test_a_run_without_persons_says_what_it_lacks(tmp_path):
    with a_server_of_another_kind() as url:
        report = conform(url, [tmp_path / "kiosk-signing"], None, report=None, clock=lambda: NOW, only=("sitting.",))
    assert set(report.keys(Verdict.NOT_RUN)) == {one.key for one in CHECKS if one.key.startswith("sitting.")}
    assert any('names no "insured"' in line for line in report.lines())
