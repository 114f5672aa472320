"""A hub that breaks the contract on purpose, so that the conformance kit can be seen to notice. Never in production.

Each fault is one that servers written from a contract really have; it is laid around the real application.
"""

from __future__ import annotations

import json
import re
import secrets
import threading
from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import Any

from flask import Flask, Response, g, request
from sqlalchemy import delete, select, update

from contract.codes import KioskState
from contract.documents import HEADER as DOCUMENT
from contract.documents import KEYS, feed_page, feed_unchanged
from contract.message import AS_OF_HEADER, SITTING_HEADER
from contract.problems import CONTENT_TYPE
from contract.signatures import SIGNATURE_HEADER
from county import models
from county.app import create_app
from county.hub import Hub
from county.kiosks import kiosk_of
from county.proof import Proven, prove_asker
from county.settings import SettingsError, Stage
from county.tokens import hash_of

SUBMISSIONS = ("/v1/submissions", "/v1/eligibility-verifications")
NOT_MODIFIED = 304
ZONE = re.compile(r'(\d{2}:\d{2}:\d{2}(?:\.\d+)?)(?:Z|\+00:00)(?=")')
BEYOND = re.compile("[\U00010000-\U0010ffff]")
WSGI = Callable[[dict[str, Any], Any], Iterable[bytes]]


class Fault(StrEnum):
    """What the hub does wrong."""

    ACTS_TWICE = "acts-twice"
    TAKES_REPLAYS = "takes-replays"
    LOSES_AN_ITEM = "loses-an-item"
    NEVER_UNCHANGED = "never-unchanged"
    NAIVE_TIMES = "naive-times"
    LAST_CARD_WINS = "last-card-wins"
    TAKES_UNSIGNED = "takes-unsigned"
    FAILS_ON_BROKEN_JSON = "fails-on-broken-json"
    LOSES_RARE_CHARACTERS = "loses-rare-characters"
    LOST_CARDS_UNNAMED = "lost-cards-unnamed"


def faulty_app(hub: Hub, fault: Fault) -> Flask:
    """The hub's application with ``fault``; SettingsError in production."""
    if hub.settings.stage is Stage.PRODUCTION:
        raise SettingsError(f"the fault {fault} is for trying out the conformance kit; it is refused in production")
    app = create_app(hub)
    LAID[fault](app, hub)
    return app


def _acts_twice(app: Flask, hub: Hub) -> None:
    """Forgets, before each submission, that it came before."""
    turn = threading.Lock()

    def forget(serve: WSGI) -> WSGI:
        def served(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
            if environ["PATH_INFO"] not in SUBMISSIONS:
                return serve(environ, start)
            with turn:
                _rename(hub, environ.get("HTTP_IDEMPOTENCY_KEY", ""))
                return serve(environ, start)

        return served

    _around(app, forget)


def _rename(hub: Hub, key: str) -> None:
    with hub.store.writing("submissions") as connection:
        same = models.submissions.c.submission_id == key
        connection.execute(update(models.submissions).where(same).values(submission_id=secrets.token_hex(16)))


def _takes_replays(app: Flask, hub: Hub) -> None:
    """Keeps no nonce."""

    def forget() -> None:
        with hub.store.writing() as connection:
            connection.execute(delete(models.nonces))

    _before_proof(app, forget)


def _loses_an_item(app: Flask, hub: Hub) -> None:
    """Cuts a page by one too many where more follows."""

    def lose(told: Any) -> Any:
        if isinstance(told, dict) and told.get("more") and told.get("items"):
            told["items"].pop()
        return told

    _rewrite(app, hub, lose)


def _never_unchanged(app: Flask, _hub: Hub) -> None:
    """Never looks at If-None-Match."""

    def blind(serve: WSGI) -> WSGI:
        def served(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
            environ.pop("HTTP_IF_NONE_MATCH", None)
            return serve(environ, start)

        return served

    _around(app, blind)


def _naive_times(app: Flask, hub: Hub) -> None:
    """Sends moments as its database keeps them."""

    def strip(reply: Response) -> Response:
        if reply.is_json:
            reply.set_data(ZONE.sub(r"\1", reply.get_data(as_text=True)))
        if AS_OF_HEADER in reply.headers:
            reply.headers[AS_OF_HEADER] = reply.headers[AS_OF_HEADER].removesuffix("+00:00")
        return _signed_anew(hub, reply)

    app.after_request(strip)


def _last_card_wins(app: Flask, hub: Hub) -> None:
    """Takes the resident of the kiosk's newest sitting, whatever sitting is named."""
    sittings = models.sittings

    def confuse() -> None:
        if not request.path.startswith("/v1/residents/me"):
            return
        with hub.store.writing() as connection:
            named = sittings.c.token_hash == hash_of(request.headers.get(SITTING_HEADER, ""))
            kiosk = connection.scalar(select(sittings.c.kiosk).where(named))
            newest = select(sittings.c.resident).where(sittings.c.kiosk == kiosk)
            resident = connection.scalar(newest.order_by(sittings.c.opened_at.desc()).limit(1))
            if resident is not None:
                connection.execute(update(sittings).where(named).values(resident=resident))

    app.before_request(confuse)


def _takes_unsigned(app: Flask, hub: Hub) -> None:
    """Checks a signature where there is one."""

    def trust() -> None:
        if SIGNATURE_HEADER in request.headers:
            prove_asker()
            return
        with hub.store.reading() as connection:
            approved = models.kiosks.c.state == KioskState.APPROVED.value
            first = connection.scalar(select(models.kiosks.c.key_id).where(approved).limit(1))
            g.proven = Proven(kiosk_of(connection, str(first), hub.clock.now()))

    hooks = app.before_request_funcs[None]
    hooks[hooks.index(prove_asker)] = trust


def _fails_on_broken_json(app: Flask, _hub: Hub) -> None:
    """Lets its parser's error through."""

    def fail() -> None:
        if request.method == "POST" and request.mimetype == "application/json":
            try:
                json.loads(request.get_data())
            except (ValueError, RecursionError) as error:
                raise RuntimeError("the parser failed") from error

    app.before_request(fail)


def _loses_rare_characters(app: Flask, hub: Hub) -> None:
    """Keeps three bytes a character."""

    def lose(told: Any) -> Any:
        return json.loads(BEYOND.sub("?", json.dumps(told, ensure_ascii=False)))

    _rewrite(app, hub, lose)


def _lost_cards_unnamed(app: Flask, hub: Hub) -> None:
    """Knows one word for every card it does not take, with a status of its own."""

    def unname(told: Any) -> Any:
        if isinstance(told, dict) and told.get("type") in ("card-lost", "card-cancelled"):
            return told | {"type": "unknown-resident", "status": 404}
        return told

    _rewrite(app, hub, unname)


def _rewrite(app: Flask, hub: Hub, change: Callable[[Any], Any]) -> None:
    """Every JSON answer goes through ``change``; a changed ``status`` of a problem becomes the answer's."""

    def changed(reply: Response) -> Response:
        if reply.is_json and reply.get_data():
            told = change(json.loads(reply.get_data()))
            reply.set_data(json.dumps(told, ensure_ascii=False).encode())
            if reply.mimetype == CONTENT_TYPE:
                reply.status_code = told["status"]
        return _signed_anew(hub, reply)

    app.after_request(changed)


def _signed_anew(hub: Hub, reply: Response) -> Response:
    """A server that sends something else signs something else: one fault is not two."""
    if DOCUMENT not in reply.headers:
        return reply
    county, content = hub.documents, reply.get_data()
    if request.path == "/v1/keys":
        reply.headers[DOCUMENT] = county.sign_list(content, KEYS)
        return reply
    moment = reply.headers.get(AS_OF_HEADER, "").encode()
    signed = [county.sign(moment, feed_unchanged(reply.headers.get("ETag", "")))]
    if reply.status_code != NOT_MODIFIED:
        about = feed_page(request.args.get("area", ""), request.args.get("cursor", ""))
        signed.append(county.sign(content, about))
    reply.headers[DOCUMENT] = ", ".join(signed)
    return reply


def _before_proof(app: Flask, act: Callable[[], None]) -> None:
    hooks = app.before_request_funcs[None]
    hooks.insert(hooks.index(prove_asker), act)


def _around(app: Flask, wrap: Callable[[WSGI], WSGI]) -> None:
    app.wsgi_app = wrap(app.wsgi_app)  # type: ignore[assignment] # how Flask is wrapped, by its own documents


LAID: dict[Fault, Callable[[Flask, Hub], None]] = {
    Fault.ACTS_TWICE: _acts_twice,
    Fault.TAKES_REPLAYS: _takes_replays,
    Fault.LOSES_AN_ITEM: _loses_an_item,
    Fault.NEVER_UNCHANGED: _never_unchanged,
    Fault.NAIVE_TIMES: _naive_times,
    Fault.LAST_CARD_WINS: _last_card_wins,
    Fault.TAKES_UNSIGNED: _takes_unsigned,
    Fault.FAILS_ON_BROKEN_JSON: _fails_on_broken_json,
    Fault.LOSES_RARE_CHARACTERS: _loses_rare_characters,
    Fault.LOST_CARDS_UNNAMED: _lost_cards_unnamed,
}
