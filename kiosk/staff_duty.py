"""A duty of staff: a menu entry with its routes, guarded by role; and who is signed in on the staff face."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import wraps
from typing import Any

from flask import Blueprint, Response, current_app, g, make_response, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue

from contract.codes import StaffRole
from kiosk.clock import Clock
from kiosk.errors import StaffNotAllowed
from kiosk.uplink.client import Who
from kiosk.when_cut import WhenCut

View = Callable[..., ResponseReturnValue]


@dataclass(frozen=True)
class SignedIn:
    """A member of staff at this machine. ``hub_session`` is empty when signed in while the county was cut off."""

    account: str
    name: str
    roles: tuple[StaffRole, ...]
    areas: tuple[str, ...]
    hub_session: str
    last_seen: datetime

    @property
    def who(self) -> Who:
        """How the county knows them."""
        return Who(staff=self.hub_session)


class SignInBook:
    """Who is signed in on this machine; in memory, ends after some idle minutes, and ``left_idle`` hears of it."""

    def __init__(self, clock: Clock, idle_minutes: float, left_idle: Callable[[SignedIn], object]) -> None:
        self._clock = clock
        self._idle = timedelta(minutes=idle_minutes)
        self._left_idle = left_idle
        self._lock = threading.Lock()
        self._by_token: dict[str, SignedIn] = {}

    def enter(self, person: SignedIn) -> str:
        """Sign somebody in; the token for their cookie."""
        token = secrets.token_urlsafe(24)
        with self._lock:
            self._by_token[token] = replace(person, last_seen=self._clock.now())
        return token

    def present(self, token: str, *, seen: bool = True) -> SignedIn | None:
        """Who holds the token, unless idle too long; ``seen`` False for requests that no hand made."""
        now = self._clock.now()
        self._drop_idle(now)
        with self._lock:
            person = self._by_token.get(token)
            if person is not None and seen:
                person = self._by_token[token] = replace(person, last_seen=now)
            return person

    def _drop_idle(self, now: datetime) -> None:
        with self._lock:
            idle = [token for token, person in self._by_token.items() if now - person.last_seen > self._idle]
            left = [self._by_token.pop(token) for token in idle]
        for person in left:
            self._left_idle(person)

    def leave(self, token: str) -> SignedIn | None:
        """Sign out."""
        with self._lock:
            return self._by_token.pop(token, None)


class StaffDuty(Blueprint):
    """A duty at ``/<key>/`` of the staff face, for the given roles."""

    def __init__(
        self, key: str, *, title: str, roles: tuple[StaffRole, ...], when_cut: WhenCut = WhenCut.REFUSE
    ) -> None:
        super().__init__(key, __name__, url_prefix=f"/{key}")
        self.key = key
        self.title = title
        self.when_cut = when_cut
        self.href = f"/{key}/"
        self.roles = frozenset(roles)

    def get(  # type: ignore[override]  # a view of a duty always carries its roles
        self, rule: str, *, roles: tuple[StaffRole, ...] = (), by_hand: bool = True, **options: Any
    ) -> Callable[[View], View]:
        """A page, for the duty's roles or narrower ones. ``by_hand`` False: it comes by itself, nobody is kept in."""
        return self._guarded(rule, "GET", frozenset(roles) or self.roles, options, by_hand=by_hand)

    def post(self, rule: str, *, roles: tuple[StaffRole, ...] = (), **options: Any) -> Callable[[View], View]:  # type: ignore[override]  # see get
        """An act."""
        return self._guarded(rule, "POST", frozenset(roles) or self.roles, options)

    def _guarded(
        self, rule: str, method: str, roles: frozenset[StaffRole], options: dict[str, Any], *, by_hand: bool = True
    ) -> Callable[[View], View]:
        def decorate(view: View) -> View:
            @wraps(view)
            def guarded(**values: Any) -> ResponseReturnValue:
                person = signed_in(seen=by_hand)
                if person is None:
                    return redirect(url_for("sign_in.show"), code=303)
                if not roles.intersection(person.roles):
                    raise StaffNotAllowed(f"{self.key} needs one of {sorted(roles)}")
                g.clerk = person
                return view(**values)

            self.add_url_rule(rule, view_func=guarded, methods=[method], **options)
            return view

        return decorate

    def page(self, step: str, **values: Any) -> str:
        """The duty's template at ``step``."""
        return render_template(f"staff/{self.key}.html", step=step, duty_key=self.key, **values)

    def to(self, endpoint: str, **values: Any) -> Response:
        """A redirect to one of the duty's own pages."""
        return make_response(redirect(url_for(f"{self.key}.{endpoint}", **values), code=303))


def sign_in_book() -> SignInBook:
    """The book of this face."""
    found = current_app.extensions["sign_in_book"]
    if not isinstance(found, SignInBook):
        raise TypeError("this app has no sign-in book")
    return found


def signed_in(*, seen: bool = True) -> SignedIn | None:
    """Who makes the present request."""
    return sign_in_book().present(session.get("staff", ""), seen=seen)
