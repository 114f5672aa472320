"""The dock's window for tests, and one hall that serves all tests of a file."""

from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.test import Client

from kiosk.screens.dock import create_dock_app
from tests.screen import Face


class Dock(Face):
    """The dock's window, mounted under the resident face as the program does it."""

    def __init__(self, hall):
        self.app = create_dock_app(hall.machine)
        super().__init__(self.app, hall.settings.faces.resident)
        self.client = Client(DispatcherMiddleware(hall.resident_app, {"/dock": self.app}))
        self.machine = hall.machine
        self.visit("/dock/")

    @property
    def token(self):
        return self.page.forms[-1].fields["csrf_token"]

    @property
    def on_glass(self):
        return self.machine.devices.simulators.fingerprint.sensor.finger


def sent_by(dock, action, name):
    """All values that the page's forms to ``action`` can send under ``name``."""
    forms = [form for form in dock.page.forms if form.action == f"/dock/{action}"]
    return {value for form in forms for _, field, value in form.buttons if field == name}
