"""A hall for the search: a kiosk process with real drivers that knows nobody; a resident of nothing but marks."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

import httpx
from sqlalchemy import select, update

from contract.credentials import Worth
from contract.identifiers import check_character
from county.models import cards, fingers, pensions, residents
from devices.card.people import CardHolder
from devices.card.virtual.card import VirtualCard
from devices.card.virtual.vpcd import VirtualSlot
from devices.fingerprint.simulated.sensor import SimulatedSensor
from devices.id_card.simulated import SimulatedIdReader
from devices.printer.simulated import PrinterEmulator
from devices.scanner.simulated import SimulatedCodeScanner
from devices.simulated_ports import PtyPort
from kiosk.identity import Credential
from tests.hall import LOCALITY, RunningHub, Seeds, free_port
from tests.pcscd import PcscDaemon
from tests.processes import ROOT, patiently
from tests.residue.observed_kiosk import forms_of
from tests.signing import enrolment_in

PENSIONER = "王秀英"
KINDS = ("card", "fingerprint", "printer", "id_card", "scanner")
WORDS = "缂丝绣娘QZXJ"
"""What the marked resident types: nobody else ever wrote it."""


@dataclass(frozen=True)
class Marked:
    """The resident, and every trait that must be nowhere afterwards, by its name."""

    holder: CardHolder
    traits: dict[str, str]
    templates: tuple[bytes, ...]
    row: int
    pension: dict[str, object]
    """How the verification stands before each visit."""


def marked(hub: RunningHub, holder: CardHolder) -> Marked:
    """Give somebody of the invented town traits that nothing else has: at the county and on the card."""
    body = "51059919470703913"
    number, name, card_number, amount = body + check_character(body), "龘靐爨", "ZQ7K9X4W2", Decimal("7654.32")
    with hub.hub.store.writing() as connection:
        resident = connection.scalar(select(residents.c.id).where(residents.c.number == holder.number))
        connection.execute(update(residents).where(residents.c.id == resident).values(number=number, name=name))
        connection.execute(update(cards).where(cards.c.resident == resident).values(number=card_number))
        connection.execute(update(pensions).where(pensions.c.resident == resident).values(monthly_amount=amount))
        told = connection.execute(select(pensions).where(pensions.c.resident == resident)).one()
        content = connection.scalars(select(fingers.c.content).where(fingers.c.resident == resident)).all()
    card = replace(holder.card, name=name, number=number, card_number=card_number, pin="907153")
    traits = {
        "name": name,
        "number": number,
        "card number": card_number,
        "PIN": "907153",
        "new PIN": "790351",
        "amount": "7654.32",
    }
    traits |= {"typed words": WORDS, "typed letters": "zhenqzxjnongqz"}
    return Marked(
        replace(holder, name=name, number=number, card=card),
        traits,
        tuple(map(bytes, content)),
        resident,
        {"last_verified_on": told.last_verified_on, "last_method": told.last_method},
    )


class House:
    """One hub in the tests' process, one kiosk in its own, a slot, a sensor and a printer on real lines."""

    def __init__(self, folder: Path, seeds: Seeds, daemon: PcscDaemon) -> None:
        self.folder, self.kiosk_folder = folder, folder / "kiosk"
        self.slot, self.sensor = VirtualSlot(daemon.port), SimulatedSensor()
        self.cable = PtyPort(self.sensor, folder / "ttySENSOR")
        self.cable.start()
        self.paper = PrinterEmulator(folder / "paper")
        self.id_reader, self.scanner = SimulatedIdReader(), SimulatedCodeScanner()
        self.cables = [PtyPort(self.id_reader, folder / "ttyID"), PtyPort(self.scanner, folder / "ttySCAN")]
        for cable in self.cables:
            cable.start()
        own = {"approved": (enrolment_in(self.kiosk_folder).fingerprint,), "electronic_codes": "town"}
        own |= {"worth_of_codes": Worth.CARD, "worth_of_id_cards": Worth.CARD}
        self.hub = RunningHub(seeds.copy(folder / "hub").model_copy(update=own))
        self.county_runs = True
        self.fingers = fingers_of(folder / "hub" / "people.jsonl")
        self.resident = f"127.0.0.1:{free_port()}"
        for name in ("tmp", "home"):
            (self.kiosk_folder / name).mkdir(parents=True)
        (folder / "nobody.jsonl").write_text("")
        self.ear = socket.create_server(("127.0.0.1", 0))
        self.start()

    def start(self) -> None:
        """Start the kiosk; returns when it serves and its devices are ready."""
        own = {
            "KIOSK_KIOSK__FOLDER": str(self.kiosk_folder), "KIOSK_KIOSK__LOCALITY": unlimited(self.folder / "pack"),
            "KIOSK_DEVICES__PEOPLE": str(self.folder / "nobody.jsonl"), "KIOSK_DEVICES__CARD": "pcsc:",
            "KIOSK_DEVICES__FINGERPRINT": f"ef01:{self.cable.url}?baud=57600",
            "KIOSK_DEVICES__ID_CARD": f"samv:{self.cables[0].url}",
            "KIOSK_DEVICES__SCANNER": f"gm65:{self.cables[1].url}",
            "KIOSK_DEVICES__PRINTER": f"escpos:{self.paper.url}",
            "KIOSK_DEVICES__TRACE": str(self.kiosk_folder / "traces"), "KIOSK_COUNTY__URL": self.hub.url,
            "KIOSK_COUNTY__TIMEOUT_SECONDS": "6.0", "KIOSK_FACES__RESIDENT": self.resident,
            "KIOSK_FACES__STAFF": f"127.0.0.1:{free_port()}", "KIOSK_FACES__DISPLAY": f"127.0.0.1:{free_port()}",
            "TMPDIR": str(self.kiosk_folder / "tmp"), "HOME": str(self.kiosk_folder / "home"),
            "OBSERVER": "{}:{}".format(*self.ear.getsockname()),
        }  # fmt: skip
        command = [sys.executable, "-m", "tests.residue.observed_kiosk", "config/kiosk.toml", "config/town.toml"]
        with (self.kiosk_folder / "log.txt").open("ab") as said:
            self.process = subprocess.Popen(  # noqa: S603  our own program
                command, cwd=ROOT, env=os.environ | own, stdin=subprocess.DEVNULL, stdout=said, stderr=subprocess.STDOUT
            )
        self.ear.settimeout(90)
        line, _ = self.ear.accept()
        self.observer = line.makefile("rw", encoding="utf-8")
        patiently(self.ready, 60, "all devices are ready, the county is met")

    def ready(self) -> bool:
        """Whether every device is, and the county answered."""
        told = httpx.get(f"http://{self.resident}/health").json()
        states = [told["devices"][kind]["state"] for kind in KINDS]
        return told["county"]["reachable"] and set(states) == {"ready"}

    def ask(self, **order: object) -> object:
        """An order to the process; its answer."""
        self.observer.write(json.dumps(order) + "\n")
        self.observer.flush()
        return json.loads(self.observer.readline())

    def desk_is(self, *names: str) -> None:
        """Wait for the desk."""
        patiently(lambda: self.ask(desk=True) in names, 40, f"the desk is {names}, not {self.ask(desk=True)}")

    def looked_at(self, credential: Credential) -> None:
        """Wait until the machine saw that nothing is shown: what comes now is somebody's who is here."""
        patiently(lambda: self.ask(looks=credential.value) is True, 60, f"the machine looks for {credential}")

    def insert(self, who: Marked) -> None:
        """Put the card in; returns when its holder is served."""
        self.slot.insert(VirtualCard(who.holder.card))
        self.desk_is("serving")

    def place_finger(self, _who: Marked) -> None:
        """The right finger on the glass."""
        self.sensor.place_finger(self.fingers["right_index"])

    def set_right(self, who: Marked) -> None:
        """Empty slot and glass, paper, the county there, nobody verified yet."""
        self.slot.remove()
        self.sensor.lift_finger()
        self.id_reader.lift()
        self.scanner.hide()
        self.paper.recover()
        self.mend()
        if self.ask(desk=True) != "vacant":
            self.ask(later=400)  # who has no card in is gone when nothing is touched any more
        self.desk_is("vacant")
        with self.hub.hub.store.writing() as connection:
            connection.execute(update(pensions).where(pensions.c.resident == who.row).values(**who.pension))

    def cut(self) -> None:
        """The county is gone."""
        self.hub.stop()
        self.county_runs = False

    def mend(self) -> None:
        """And back."""
        if not self.county_runs:
            self.hub.start()
            self.county_runs = True

    def power_cut(self) -> None:
        """The process is gone in the middle of whatever it did."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(30)

    def close(self) -> None:
        """Close everything."""
        self.process.terminate()
        self.process.wait(60)
        self.slot.remove()
        if self.county_runs:
            self.hub.stop()
        for cable in (self.cable, *self.cables):
            cable.close()
        self.paper.close()
        self.ear.close()


def unlimited(pack: Path) -> str:
    """The pack of the town, but one resident may come again and again."""
    if not pack.is_dir():
        shutil.copytree(LOCALITY, pack)
        file = pack / "locality.toml"
        text = re.sub(r"(unproven_\w+_per_hour) = \d+", r"\1 = 100000", file.read_text(encoding="utf-8"))
        file.write_text(text, encoding="utf-8")
    return str(pack)


def fingers_of(people: Path) -> dict[str, str]:
    """The finger seeds of the pensioner that becomes the marked resident."""
    lines = map(json.loads, people.read_text(encoding="utf-8").splitlines())
    return next(person["fingers"] for person in lines if person["name"] == PENSIONER)


def in_files(folder: Path, who: Marked) -> list[str]:
    """Every file under ``folder`` that holds a trait: as text in three charsets, or a finger's template as bytes."""
    marks = {trait: forms_of(value) for trait, value in who.traits.items()}
    marks["finger"] = [template[at : at + 32] for template in who.templates for at in (0, len(template) // 2)]
    found = []
    for file in sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()):
        content = file.read_bytes()
        found += [
            f"{trait} in {file.relative_to(folder)}"
            for trait, forms in marks.items()
            if any(f in content for f in forms)
        ]
    return found


def in_memory(process: int, who: Marked) -> dict[str, int]:
    """How often each trait lies in the writable memory of a process, freed or not."""
    counts = dict.fromkeys(who.traits, 0)
    with Path(f"/proc/{process}/mem").open("rb", 0) as memory:
        for line in Path(f"/proc/{process}/maps").read_text().splitlines():
            if found := re.match(r"([0-9a-f]+)-([0-9a-f]+) rw.p", line):
                start, end = (int(one, 16) for one in found.groups())
                try:
                    memory.seek(start)
                    piece = memory.read(end - start)
                except OSError:
                    continue
                for trait, value in who.traits.items():
                    counts[trait] += sum(piece.count(form) for form in forms_of(value))
    return counts
