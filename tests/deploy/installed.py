"""A machine with versions of a program in a folder: a few lines each, and a script in systemd's place."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import httpx

from tests.hall import free_port

ROOT = Path(__file__).resolve().parent.parent.parent
SYSTEMCTL = """#!/bin/sh
# restart | start | stop | is-failed UNIT
lives() {{
    [ -e {home}/pid ] && kill -0 "$(cat {home}/pid)" 2>/dev/null &&
        ! grep -q '^State:.Z' "/proc/$(cat {home}/pid)/status"
}}
if [ "$1" = is-failed ]; then
    ! lives
    exit
fi
if [ "$1" != start ] && [ -e {home}/pid ]; then
    kill "$(cat {home}/pid)" 2>/dev/null
    while lives; do sleep 0.05; done
    rm -f {home}/pid
fi
if [ "$1" != stop ]; then
    cd {home}/current
    {command} >>{home}/log 2>&1 </dev/null &
    echo $! >{home}/pid
fi
"""
PROGRAM = '''"""A unit of a few lines: refuses what a newer generation wrote, adds a line, answers."""
import http.server, sys
from pathlib import Path
VERSION, GENERATION, WORKS, WELL = {version!r}, {generation}, {works}, {well}
if "--help" in sys.argv:
    sys.exit(0)
if "hall-check" in sys.argv:
    if "--write" in sys.argv:
        Path(sys.argv[-1]).write_text("card")
    sys.exit("--compare" in sys.argv and not WELL)
state = Path(sys.argv[1])
lines = state.read_text().splitlines() if state.exists() else []
if lines and max(int(line.split()[0]) for line in lines) > GENERATION:
    sys.exit("written by a newer generation")
state.write_text("\\n".join([*lines, f"{{GENERATION}} {{VERSION}}"]))
if not WORKS:
    sys.exit("does not work")
class Health(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers(); self.wfile.write(VERSION.encode())
    def log_message(self, *_): pass
http.server.HTTPServer(("127.0.0.1", int(sys.argv[2])), Health).serve_forever()
'''


class Installed:
    """A machine with the program in a folder."""

    def __init__(self, folder: Path, command: str = "", health: str = "") -> None:
        self.home = folder / "srv"
        self.home.mkdir()
        self.port = free_port()
        self.state = folder / "kiosk.sqlite"
        self.address = health or f"http://127.0.0.1:{self.port}/health"
        systemctl = folder / "systemctl"
        command = command or f"exec .venv/bin/python run.py {self.state} {self.port}"
        systemctl.write_text(SYSTEMCTL.format(home=self.home, command=command))
        systemctl.chmod(0o755)
        self.environment = os.environ | {
            "KIOSK_HOME": str(self.home), "SYSTEMCTL": str(systemctl), "SETUP": f"ln -sfn {ROOT}/.venv .venv",
            "UNITS": f"kiosk.service={self.address}", "STATE": str(self.state), "PATIENCE": "60",
        }  # fmt: skip

    def update(self, tree: Path, **changes: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: S603 - our own script
            ["/bin/sh", str(ROOT / "deploy" / "update.sh"), str(tree)], env=self.environment | changes,
            capture_output=True, text=True, check=False, timeout=110,
        )  # fmt: skip

    def serves(self) -> str:
        return httpx.get(self.address, trust_env=False).text

    def releases(self) -> list[str]:
        return sorted(one.name for one in (self.home / "releases").iterdir())

    def stop(self) -> None:
        if (self.home / "pid").exists():
            number = int((self.home / "pid").read_text())
            os.kill(number, 9)


def version(folder: Path, name: str, *, generation: int = 1, works: bool = True, well: bool = True) -> Path:
    tree = folder / f"tree-{name}"
    tree.mkdir()
    (tree / "run.py").write_text(PROGRAM.format(version=name, generation=generation, works=works, well=well))
    return tree
