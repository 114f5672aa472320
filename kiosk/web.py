"""Flask as the faces use it: nothing asynchronous, a cookie checked once, the same headers on every answer.

Each part saves a noticeable part of a short page (docs/bench.md); behaviour is Flask's own.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, MutableMapping
from contextlib import suppress
from pathlib import Path
from types import BuiltinMethodType
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from flask import Flask, Request, Response, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from flask.templating import Environment
from flask_wtf.csrf import generate_csrf
from jinja2.bccache import Bucket, FileSystemBytecodeCache
from jinja2.runtime import BlockReference, Context, Macro

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; font-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
PERMISSIONS = "Permissions-Policy"
HEADERS = [
    ("Content-Security-Policy", POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "same-origin"),  # with no-referrer a browser sends its own plain forms with "Origin: null"
    (PERMISSIONS, "camera=(), microphone=(), geolocation=(), usb=(), serial=(), hid=()"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
]
COOKIES_REMEMBERED = 16
PLAIN = (str, int, type(None))  # what a copy of a session may share with another


Kind = TypeVar("Kind", bound=type)


class FaceContext(Context):
    """Jinja's context; what pages call most, macros and what ``callables`` names, is called without being asked about.

    Jinja asks each thing, at each call, three times whether it wants to see the context.
    """

    callables: ClassVar[set[type]] = {BlockReference, BuiltinMethodType}

    def call(self, called: Callable[..., Any], /, *args: Any, **values: Any) -> Any:
        """What a template calls."""
        kind = type(called)
        if kind is Macro:
            args = (self.eval_ctx, *args)
        elif kind not in self.callables:
            return super().call(called, *args, **values)
        values.pop("_block_vars", None)
        values.pop("_loop_vars", None)
        return called(*args, **values)


def called_by_templates(kind: Kind) -> Kind:
    """Instances of this class are called by templates, and do not ask for the context."""
    FaceContext.callables.add(kind)
    return kind


class FaceEnvironment(Environment):
    """Jinja whose globals are fixed when a template is loaded: a plain dict instead of a chain of maps."""

    context_class = FaceContext

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """The globals of one template."""
        return {**self.globals, **(d or {})}


class CompiledTemplates(FileSystemBytecodeCache):
    """Templates as they were compiled at an earlier start, in a folder; known by their source, made anew without it.

    On a disk that takes nothing they are compiled at each start.
    """

    def __init__(self, folder: Path) -> None:
        with suppress(OSError):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        super().__init__(str(folder))

    def load_bytecode(self, bucket: Bucket) -> None:
        """What was compiled of this source before, where it can be read."""
        with suppress(OSError):
            super().load_bytecode(bucket)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep it for later."""
        with suppress(OSError):
            super().dump_bytecode(bucket)


class FaceFlask(Flask):
    """Flask whose views are never coroutines and whose every answer carries HEADERS and Cache-Control."""

    jinja_environment = FaceEnvironment

    def __init__(self, name: str, **options: Any) -> None:
        super().__init__(name, **options)
        self.session_interface = CheckedOnce()

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """The function itself: no view of ours is a coroutine."""
        return func

    def wsgi_app(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer, with the headers that nothing may lack: nothing is stored, guessed or fetched from outside."""
        static = environ.get("PATH_INFO", "").startswith("/static/")
        common = [*HEADERS, ("Cache-Control", "no-cache" if static else "no-store")]

        def start(status: str, headers: list[tuple[str, str]], trouble: Any = None) -> Any:
            own = [pair for pair in headers if pair[0] != "Cache-Control"]
            if any(name == PERMISSIONS for name, _ in own):  # the one page with a microphone
                return start_response(status, own + [pair for pair in common if pair[0] != PERMISSIONS], trouble)
            return start_response(status, own + common, trouble)

        return super().wsgi_app(environ, start)


class CheckedOnce(SecureCookieSessionInterface):
    """Flask's signed cookie; a cookie whose signature was checked is known again by its text."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._checked: dict[str, dict[str, Any]] = {}

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """The session of the request's cookie; a fresh copy each time. A year of age is not counted anew here."""
        text = request.cookies.get(self.get_cookie_name(app), "")
        known = self._checked.get(text)
        if known is not None:
            return self.session_class(known)
        opened = super().open_session(app, request)
        if text and opened and all(isinstance(value, PLAIN) for value in opened.values()):
            with self._lock:
                if len(self._checked) >= COOKIES_REMEMBERED:
                    self._checked.clear()
                self._checked[text] = dict(opened)
        return opened

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Set the cookie where the session changed; Flask also marks for caches what none of ours may keep."""
        if session.modified:
            super().save_session(app, session, response)


@called_by_templates
class FormToken:
    """The CSRF token for forms, signed once a session: signing costs as much as a short page."""

    def __init__(self) -> None:
        self._signed: tuple[str, str] = ("", "")

    def __call__(self) -> str:
        """The token of the present session."""
        raw = session.get("csrf_token", "")
        known, token = self._signed
        if not raw or raw != known:
            token = generate_csrf()
            self._signed = (session["csrf_token"], token)
        return token
