"""A resident service: one Blueprint with a tile, a guard before and after every view, and what it does when cut off."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from typing import Any

from flask import (
    Blueprint,
    Response,
    current_app,
    g,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue

from kiosk.errors import AssuranceMissing, SessionEnded
from kiosk.events import Touched
from kiosk.identity import IN_SLOT, Assurance
from kiosk.journal import Happening
from kiosk.kept_pages import KeptPages, Make
from kiosk.machine import machine
from kiosk.pairing import claim
from kiosk.states import ReadingCard, ResidentSession, Serving, State, Visiting
from kiosk.visit import Visit
from kiosk.watched import other_ways, watch
from kiosk.when_cut import WhenCut as WhenCut  # noqa: PLC0414 - services declare it with the rest

View = Callable[..., ResponseReturnValue]
BY_ITSELF = "X-By-Itself"


@dataclass
class Opened:
    """Which services this visit opened so far."""

    services: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Tile:
    """What the home screen shows of a service."""

    title: str
    icon: str
    hint: str
    needs_card: bool
    hue: str
    href: str


class ResidentService(Blueprint):
    """A window's service at ``/services/<key>/``. A route may need more than the service: ``needs=``.

    The guard runs before every view (does the token still serve, is the assurance enough?) and after it: an answer
    prepared while the card was pulled is thrown away.
    """

    def __init__(
        self, key: str, *, title: str, icon: str, hint: str, hue: str, needs: Assurance, when_cut: WhenCut
    ) -> None:
        super().__init__(key, __name__, url_prefix=f"/services/{key}")
        self.key = key
        self.title = title
        self.needs = needs
        self.when_cut = when_cut
        self.tile = Tile(title, icon, hint, needs > Assurance.OPEN, hue, f"/services/{key}/")

    def get(self, rule: str, *, needs: Assurance | None = None, **options: Any) -> Callable[[View], View]:  # type: ignore[override]  # a view of a service always carries its assurance
        """A page. It is where the resident is now, and where a reload comes back to."""
        return self._guarded(rule, "GET", self.needs if needs is None else needs, options)

    def post(self, rule: str, *, needs: Assurance | None = None, **options: Any) -> Callable[[View], View]:  # type: ignore[override]  # see get
        """An act. It answers with a redirect to a page."""
        return self._guarded(rule, "POST", self.needs if needs is None else needs, options)

    def _guarded(self, rule: str, method: str, needs: Assurance, options: dict[str, Any]) -> Callable[[View], View]:
        def decorate(view: View) -> View:
            @wraps(view)
            def guarded(**values: Any) -> ResponseReturnValue:
                return guard(view, needs, values, self.when_cut)

            self.add_url_rule(rule, view_func=guarded, methods=[method], **options)
            return view

        return decorate

    def page(self, step: str, **values: Any) -> str:
        """The service's template at ``step``."""
        return render_template(f"services/{self.key}.html", step=step, service=self, **values)

    def kept_page(self, step: str, about: tuple[object, ...], make: Make) -> str:
        """``page``, for one that is the same for everybody (kiosk/kept_pages.py). ``make``: its values, if needed."""
        kept: KeptPages = current_app.extensions["kept_pages"]
        return kept.page(f"services/{self.key}.html", (step, *about), lambda: {"step": step, "service": self, **make()})

    def to(self, endpoint: str, **values: Any) -> Response:
        """A redirect to one of the service's own pages."""
        return make_response(redirect(url_for(f"{self.key}.{endpoint}", **values), code=303))


@dataclass(frozen=True)
class Window:
    """A window of the hall: a row of services on the home screen. Its folder under ``services/`` bears its key."""

    key: str
    title: str
    services: tuple[ResidentService, ...]

    @property
    def tiles(self) -> tuple[Tile, ...]:
        """The tiles of its services."""
        return tuple(service.tile for service in self.services)


def arrived(*, in_form: bool) -> State:
    """The desk as this request finds it, the touch counted; raises SessionEnded where the page's session is over.

    A page asked for before the window took the session of the card that was just read takes it: nothing is over.
    """
    desk, token = machine().desk, session.get("token", "")
    if token and not desk.serves(token) and not isinstance(desk.state, ReadingCard):
        session.pop("token")  # the next page of this window is nobody's; whoever stands here now is left alone
        raise SessionEnded("the page belongs to a session that is over")
    is_page = request.method == "GET"
    if is_page and not token and isinstance(desk.state, Serving):
        claim()
    page = request.full_path.rstrip("?") if is_page else None
    state = desk.handle(Touched(page, in_form=in_form, by_itself=asked_by_itself()))
    g.showing = state.showing
    if isinstance(state, Serving) and state.session.token != session.get("token"):
        raise SessionEnded("the page belongs to another session")
    return state


def asked_by_itself() -> bool:
    """True where the window fetched a page that no finger asked for: nobody is here because of it."""
    return BY_ITSELF in request.headers


def only_served(view: View) -> View:
    """A step outside the services for whoever is served here, guarded before and after as a view of a service is."""

    @wraps(view)
    def guarded(**values: Any) -> ResponseReturnValue:
        here = isinstance(machine().desk.state, Serving)  # asked first: such a page is never where a visit begins
        state = arrived(in_form=True) if here else None
        if not isinstance(state, Serving):
            raise SessionEnded("nobody is being served")
        return checked(view, values, state.visit, state.session)

    return guarded


def guard(view: View, needs: Assurance, values: dict[str, Any], when_cut: WhenCut) -> ResponseReturnValue:
    """Run a view for whoever stands at the desk, if they may.

    A service that refuses while the county is cut says so before it asks for a PIN.
    """
    match arrived(in_form=request.method == "POST" or "form" in request.args):
        case Serving(session=present, visit=visit):
            return admitted(present, needs, when_cut) or checked(view, values, visit, present)
        case Visiting(visit=visit):
            if session.get("token"):
                raise SessionEnded("the card is out")
            if needs > Assurance.OPEN:
                return render_template("resident/insert_card.html", reader=watch("card"), ways=other_ways(needs))
            return checked(view, values, visit, None)
        case ReadingCard():
            return redirect("/reading", code=303)
        case _:
            raise SessionEnded("nobody is being served")


def admitted(present: ResidentSession, needs: Assurance, when_cut: WhenCut) -> ResponseReturnValue | None:
    """None where the session may go on; else where it must prove more. Raises CountyUnavailable."""
    if present.sitting is None and when_cut is WhenCut.REFUSE:
        raise machine().county.no_answer("the card was read while the county was cut off")
    return ask_for(needs, present) if present.assurance < needs else None


def checked(view: View, values: dict[str, Any], visit: Visit, present: ResidentSession | None) -> ResponseReturnValue:
    """The view's answer, unless the session ended while it was made."""
    g.visit, g.session = visit, present
    note_opened(visit)
    answer = view(**values)
    if present is not None and not machine().desk.serves(present.token):
        raise SessionEnded("the card left while the answer was prepared")
    return answer


def note_opened(visit: Visit) -> None:
    """Write down once a visit that a service was opened; behind the page, which waits for no disk."""
    key, seen = request.blueprint or "", visit.recall(Opened).services
    if key not in seen and f"/services/{key}/" in request.path:
        seen.add(key)
        here = machine()
        here.notes.do(lambda: here.journal.write(Happening.SERVICE_OPENED, service=key))


def ask_for(needs: Assurance, present: ResidentSession) -> ResponseReturnValue:
    """Send the resident to prove more, and back to this service.

    At the counter a PIN could be seen by the clerk who types it for the resident: there it is typed on a pad that faces
    the resident, and where there is none, the clerk witnesses. Whoever showed something else is asked for the card.
    """
    back = request.full_path.rstrip("?") if request.method == "GET" else request.path.rsplit("/", 1)[0] + "/"
    on_pad = present.pin_pad and needs <= Assurance.PIN
    if machine().settings.kiosk.mode == "counter" and not on_pad:
        return redirect(url_for("counter.witness", next=back), code=303)
    if present.shown != IN_SLOT:
        credential, reader = present.shown.credential, watch("card")
        return render_template("resident/more_proof.html", credential=credential, reader=reader)
    if needs > Assurance.PIN:
        raise AssuranceMissing("a finger or a witness is needed first")
    return redirect(url_for("resident.pin", next=back), code=303)
