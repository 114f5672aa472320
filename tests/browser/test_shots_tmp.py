from datetime import timedelta
from tests.browser_screen import BrowserStaff
from tests.outbox_line import Counter
from tests.staff.device_clerk import CLERK

def test_shots(hall, window, watch):
    counter = Counter(hall)
    hall.cut(); counter.submit()
    hall.machine.clock.move(timedelta(days=11)); hall.machine.county.outbox.age()
    hall.machine.clock.move(timedelta(0))
    staff = BrowserStaff(hall, window("monitor"))
    staff.tab.set_viewport_size({"width": 1280, "height": 800})
    hall.mend()
    staff.sign_in(*CLERK)
    hall.cut()
    counter.submit()
    staff.visit("/submissions/")
    staff.tab.screenshot(path="/tmp/shot6.png", full_page=True)
