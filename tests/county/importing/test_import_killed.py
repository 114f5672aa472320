"""Power goes, or somebody kills it: an import that was cut off half-way is as if it had never begun."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

from sqlalchemy import func, select

from county import models
from county.store import open_store
from tests.county.importing.files import number, table

ROOT = Path(__file__).resolve().parents[3]
ROWS = 7_000
FIRST_WORD = "已处理"


def begun(office, folder: Path, *words: str) -> subprocess.Popen[str]:
    """``run.py county import`` as an officer starts it, on the database of ``office``."""
    settings = folder / "hub.toml"
    address = json.dumps(office.hub.settings.database)
    settings.write_text(f'[hub]\ndatabase = {address}\nkeys = "{folder}/key"\n', encoding="utf-8")
    command = [sys.executable, str(ROOT / "run.py"), "--config", str(settings), "county", "import", *words]
    return subprocess.Popen(  # noqa: S603 - our own program
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8",
        env=os.environ | {"PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip


def people_in(office) -> int:
    store = open_store(office.hub.settings.database)
    with store.reading() as connection:
        found = connection.scalar(select(func.count()).select_from(models.residents))
    store.close()
    return found


def test_an_import_killed_half_way_leaves_nothing_and_may_be_done_again(empty_office, tmp_path):
    rows = (
        {"社会保障号码": number(serial), "姓名": "示例", "民族": "汉", "行政区划代码": "510521"}
        for serial in range(ROWS)
    )
    unique = {row["社会保障号码"]: row for row in rows}
    file = table(tmp_path / "人.csv", *unique.values())
    cut_off = begun(empty_office, tmp_path, str(file), "--apply")
    said = []
    for line in cut_off.stdout:
        said.append(line)
        if line.startswith(FIRST_WORD):  # rows are written, and more are to come
            os.kill(cut_off.pid, signal.SIGKILL)
            break
    assert cut_off.wait(60) == -signal.SIGKILL, "".join(said)
    assert people_in(empty_office) == 0
    again = begun(empty_office, tmp_path, str(file), "--apply")
    told, _ = again.communicate(timeout=100)
    assert again.returncode == 0, told
    assert f"居民：新增 {len(unique)}，" in told
    assert people_in(empty_office) == len(unique)
