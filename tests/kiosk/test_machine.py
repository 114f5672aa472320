"""The machine's own threads."""

from kiosk.states import Serving
from tests.hall import eventually


def test_a_tick_that_fails_once_goes_on_ending_sessions(open_hall):
    quick = {"warn_seconds": 1.0, "end_seconds": 2.0, "form_end_seconds": 2.0}
    hall = open_hall(session=quick)
    desk, failed = hall.machine.desk, []

    def listener(before, after):
        if isinstance(before, Serving) and not isinstance(after, Serving) and not failed:
            failed.append(after)
            raise RuntimeError("a listener of the desk failed")

    desk.listen(listener)
    for served in (1, 2):
        hall.insert(hall.person("李伟"))
        eventually(lambda: isinstance(desk.state, Serving), what=f"session {served} begins")
        eventually(lambda: not isinstance(desk.state, Serving), what=f"session {served} ends by itself")
        hall.remove()
    assert failed
