"""What deploy/ says, started for real: the hub as its unit starts it, nginx with its own file; only places differ."""

from __future__ import annotations

import os
import re
import shlex
import ssl
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path

import httpx
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.hall import eventually, free_port

ROOT = Path(__file__).resolve().parent.parent.parent
HOST = "hub.county.example"
START = 60


def unit(name: str) -> dict[str, list[str]]:
    """The keys of a unit file, each with all its values."""
    found: dict[str, list[str]] = {}
    for line in (ROOT / "deploy" / "systemd" / name).read_text(encoding="utf-8").splitlines():
        if re.match(r"\w+=", line):
            key, _, value = line.partition("=")
            found.setdefault(key, []).append(value)
    return found


class HubProcess:
    """hub@PORT.service without systemd: its command and its environment, with the places of a test."""

    def __init__(self, folder: Path, database: str, **settings: str) -> None:
        self.port = free_port()
        self.folder = folder
        self.credentials = folder / "credentials"
        self.credentials.mkdir(parents=True, exist_ok=True)
        self.environment = os.environ | self._environment() | {"KIOSK_HUB__DATABASE": database} | settings
        self.process: subprocess.Popen[bytes] | None = None

    def _environment(self) -> dict[str, str]:
        pairs = [value.partition("=") for value in unit("hub@.service")["Environment"]]
        named = {"%i": str(self.port), "%d": str(self.credentials), "/etc/kiosk": str(self.folder)}
        found = {name: self._put(value, named) for name, _, value in pairs}
        return found | {"CREDENTIALS_DIRECTORY": str(self.credentials)}

    @staticmethod
    def _put(value: str, named: dict[str, str]) -> str:
        for sign, place in named.items():
            value = value.replace(sign, place)
        return value

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def launch(self) -> None:
        python, *words = shlex.split(unit("hub@.service")["ExecStart"][0])
        assert python.endswith("/.venv/bin/python")
        with (self.folder / f"hub-{self.port}.log").open("ab") as said:
            self.process = subprocess.Popen(  # noqa: S603 - the command of our own unit
                [sys.executable, *words], cwd=ROOT, env=self.environment, stdout=said, stderr=said
            )

    def start(self) -> None:
        self.launch()
        eventually(self.answers, START, "the hub answers")

    def answers(self) -> bool:
        assert self.process is None or self.process.poll() is None, self.said()
        try:
            return httpx.get(f"{self.url}/health", trust_env=False).status_code == 200
        except httpx.HTTPError:
            return False

    def said(self) -> str:
        return (self.folder / f"hub-{self.port}.log").read_text()

    def stop(self) -> int:
        assert self.process is not None
        self.process.terminate()
        return self.process.wait(START)

    def kill(self) -> None:
        """Master and workers, as a power cut ends them."""
        assert self.process is not None
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        for number in [str(self.process.pid), *children]:
            os.kill(int(number), 9)
        self.process.wait(START)


def start_all(hubs: list[HubProcess]) -> None:
    """At once, as the machine room does when it is switched on."""
    for hub in hubs:
        hub.launch()
    for hub in hubs:
        eventually(hub.answers, START, "the hub answers")


class Nginx:
    """deploy/nginx/hub.conf before the hubs, with a certificate made here."""

    def __init__(self, folder: Path, hubs: list[HubProcess]) -> None:
        self.folder = folder
        self.port = free_port()
        self.cache = folder / "cache"
        make_certificate(folder)
        (folder / "nginx.conf").write_text(self._main() + self._site(hubs) + "}\n")
        self.process: subprocess.Popen[bytes] | None = None

    def _main(self) -> str:
        temporary = "".join(f"{kind}_temp_path {self.folder}/{kind};\n" for kind in (
            "client_body", "proxy", "fastcgi", "uwsgi", "scgi"))  # fmt: skip
        user = "user root;\n" if not os.geteuid() else ""
        return (
            f"{user}pid {self.folder}/nginx.pid;\nerror_log {self.folder}/error.log;\ndaemon off;\n"
            f"events {{ worker_connections 512; }}\nhttp {{\n{temporary}"
            "log_format seen '$request_method $uri $status $upstream_cache_status';\n"
        )

    def _site(self, hubs: list[HubProcess]) -> str:
        site = (ROOT / "deploy" / "nginx" / "hub.conf").read_text(encoding="utf-8")
        changes = {
            "listen 443 ssl": f"listen 127.0.0.1:{self.port} ssl", "/var/cache/nginx/hub": str(self.cache),
            "/etc/kiosk/tls/": f"{self.folder}/", "/var/log/nginx/hub.log": f"{self.folder}/hub.log seen",
            "_timeout 10s": "_timeout 2s",  # a slow sender is cut off while a test waits
            **{f"127.0.0.1:{8090 + number}": f"127.0.0.1:{hub.port}" for number, hub in enumerate(hubs)},
        }  # fmt: skip
        for written, instead in changes.items():
            assert written in site, written
            site = site.replace(written, instead)
        return site

    def start(self) -> None:
        command = ["/usr/sbin/nginx", "-p", str(self.folder), "-c", str(self.folder / "nginx.conf"), "-e",
                   str(self.folder / "error.log")]  # fmt: skip
        self.process = subprocess.Popen(command)  # noqa: S603 - Debian's nginx
        eventually(self.answers, START, "nginx answers")

    def answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/health", verify=self.trust(), trust_env=False).status_code == 200
        except httpx.HTTPError:
            return False

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.port}"

    def trust(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.folder / "hub.pem"))

    def log(self) -> list[list[str]]:
        """Method, path, status and what the cache said, of each request so far."""
        return [line.split() for line in (self.folder / "hub.log").read_text().splitlines()]

    def stop(self) -> None:
        assert self.process is not None
        self.process.terminate()
        self.process.wait(START)


def make_certificate(folder: Path) -> None:
    """A certificate that signs for itself, for the name in the file and for this machine."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, HOST)])
    now = datetime.now(UTC)
    names = x509.SubjectAlternativeName([x509.DNSName(HOST), x509.IPAddress(IPv4Address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30)).add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    (folder / "hub.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    (folder / "hub.key").write_bytes(pem)
