"""A clerk who tests devices, and a room of tests with a patience of one's own."""

from devices.card.simulated import VirtualCard
from kiosk.device_test_acts import acts_of
from kiosk.device_tests import DeviceTestRoom
from kiosk.receipts import Stamp
from tests.hall import eventually
from tests.screen import StaffScreen

CLERK = ("clerk", "chuangkou-shili-2026")


class DeviceClerk(StaffScreen):
    """The clerk at the page of devices."""

    def begin(self, kind):
        self.visit("/device_page/")
        return self.send(f"/device_page/{kind}/test")

    def sees_soon(self, *words, seconds=15.0):
        def there():
            self.visit("/device_page/test")
            return all(word in self.page.text for word in words)

        eventually(there, seconds, f"{words} on the clerk's page: {self.page.text}")


def desk(hall):
    return hall.machine.desk.state


def put_in(hall, special="李伟", faults=()):
    hall.reader.insert(VirtualCard(hall.person(special).card, frozenset(faults)))


def journalled(hall):
    return [link.text for link in hall.machine.journal.entries() if "device_tested" in link.text]


def stamp_of(hall):
    return lambda: Stamp("云龙镇便民服务大厅", "", "kiosk-01", hall.machine.clock.local())


def room_of(hall, patience, acts=None, longest=30.0):
    """A room of the tests' own in front of the machine's."""
    made = acts or acts_of(hall.machine.devices, hall.machine.panel, stamp_of(hall), patience)
    return DeviceTestRoom(
        hall.machine.desk, reader=hall.machine.devices.card, acts=made, boards={}, journal=hall.machine.journal,
        longest=longest,
    )  # fmt: skip
