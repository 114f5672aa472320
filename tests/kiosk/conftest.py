"""A service of the tests' own on the resident face, and a county that misbehaves."""

from __future__ import annotations

import threading

import pytest
from flask import g

from devices.printer import Receipt, Text
from kiosk.identity import Assurance
from kiosk.machine import machine
from kiosk.resident_service import ResidentService, WhenCut
from kiosk.services.slips import print_slip
from tests.odd_county import OddCounty
from tests.screen import Screen


@pytest.fixture
def odd_county():
    """A county that misbehaves."""
    county = OddCounty()
    yield county
    county.close()


def trial_service() -> ResidentService:
    """A service with a page and an act for every assurance; what it remembers dies with the visit."""
    service = ResidentService(
        "trial", title="试办", icon="shield", hint="", hue="card", needs=Assurance.CARD, when_cut=WhenCut.QUEUE
    )
    sheet = '<!doctype html><title>试办</title><div id="page" data-showing="{}"><h1>{}</h1></div>'

    def page(words: str) -> str:
        return sheet.format(machine().desk.state.showing, words)

    @service.get("/")
    def show() -> str:
        return page(f"{g.session.resident.name.plain()} 的页面")

    @service.get("/open", needs=Assurance.OPEN)
    def public() -> str:
        return page("公开的页面")

    @service.get("/secret", needs=Assurance.PIN)
    def secret() -> str:
        return page(f"{g.session.resident.number.plain()} 的秘密")

    @service.get("/finger", needs=Assurance.WITNESSED)
    def finger() -> str:
        return page("按过指纹")

    @service.get("/slow")
    def slow() -> str:
        service.entered.set()
        service.go_on.wait(10)
        return page(f"{g.session.resident.number.plain()} 的旧答案")

    service.entered, service.go_on, service.acts = threading.Event(), threading.Event(), []
    add_acts(service)
    return service


def add_acts(service: ResidentService) -> None:
    """What can be pressed in the trial service."""

    @service.post("/paper")
    def paper() -> object:
        service.entered.set()
        service.go_on.wait(10)
        print_slip("trial", Receipt("20261122-9", (Text(g.session.resident.name.plain()),)))
        return service.to("show")

    @service.post("/act")
    def act() -> object:
        service.acts.append(g.session.resident.name.plain())
        return service.to("show")


class Trial:
    """A hall whose resident face has the trial service too."""

    def __init__(self, hall) -> None:
        self.hall = hall
        self.service = trial_service()
        hall.resident_app.register_blueprint(self.service)
        self.screen = Screen(hall)


@pytest.fixture
def trial(hall):
    """The ordinary hall with the trial service."""
    made = Trial(hall)
    yield made
    made.service.go_on.set()


@pytest.fixture
def trial_in():
    """The trial service in a hall of one's own."""
    return Trial
