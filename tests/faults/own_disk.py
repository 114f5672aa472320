"""A disk of a test's own, mounted where only one program sees it: a mount namespace, held by a process that sleeps."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
from pathlib import Path

UNSHARE = ["unshare", "-m"]
ROOT = Path(__file__).parents[2]
MEGABYTES = 64
TRIGGER = "/sys/fs/ext4/{}/trigger_fs_error"
PATH = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"


def missing(*programs: str) -> str:
    """What this machine lacks, in one line; empty where nothing is missing."""
    for program in ("unshare", "nsenter", "mount", "findmnt", *programs):
        if shutil.which(program, path=PATH) is None:
            return f"{program} is not installed"
    if os.geteuid() != 0:
        return "not root: disks are mounted by root"
    if subprocess.run([*UNSHARE, "true"], capture_output=True, check=False).returncode:  # noqa: S603  fixed words
        return "unshare -m is refused"
    return ""


def missing_for_an_error() -> str:
    """The same, for a disk of blocks whose error can be made."""
    if lacking := missing("mkfs.ext4", "e2fsck"):
        return lacking
    if not Path("/dev/loop-control").exists():
        return "no loop devices"
    return "" if "ext4" in Path("/proc/filesystems").read_text(encoding="ascii") else "no ext4"


class OwnDisk:
    """``folder`` with all that is in it, on a disk of its own; ``image``: a file of blocks, else memory."""

    def __init__(self, folder: Path, image: Path | None = None) -> None:
        self.folder, self.image = folder, image
        self._holder = subprocess.Popen([*UNSHARE, "sleep", "3600"], cwd=ROOT)  # noqa: S603  fixed words
        self.within = ["nsenter", "-t", str(self._holder.pid), "-m", "-w"]
        self.seen = Path(f"/proc/{self._holder.pid}/root{folder}")
        """The same folder for programs outside."""
        while Path(f"/proc/{self._holder.pid}/comm").read_text(encoding="ascii").strip() != "sleep":
            os.sched_yield()
        aside = folder.with_name(f"{folder.name}-aside")
        self.tell("mkdir", str(aside))
        self.tell("mount", "--bind", str(folder), str(aside))
        if image:
            image.touch()
            os.truncate(image, MEGABYTES << 20)
            self.tell("mkfs.ext4", "-q", "-F", "-O", "^has_journal", str(image))
        self.mount()
        self.tell("sh", "-c", f"cp -a {aside}/. {folder} && sync -f {folder}")

    def mount(self) -> None:
        """Put it in its place."""
        kind = ["-o", "loop,errors=remount-ro", str(self.image)] if self.image else ["-t", "tmpfs", "none"]
        self.tell("mount", *kind, str(self.folder))

    def tell(self, *command: str) -> str:
        """What a command said that sees the disk."""
        ended = subprocess.run(  # noqa: S603  fixed words
            [*self.within, *command], capture_output=True, text=True, check=False, env=os.environ | {"PATH": PATH}
        )
        assert not ended.returncode, f"{command}: {ended.stderr}"
        return ended.stdout.strip()

    def protect(self) -> None:
        """Mount it anew for reading only. Nobody may have files of it open for writing."""
        self.tell("mount", "-o", "remount,ro", str(self.folder))

    def release(self) -> None:
        """Mount it anew for reading and writing."""
        self.tell("mount", "-o", "remount,rw", str(self.folder))

    def fail(self) -> None:
        """The kernel finds an error on it: it takes nothing more, whoever has files of it open."""
        device = self.tell("findmnt", "-no", "SOURCE", str(self.folder)).rpartition("/")[2]
        Path(TRIGGER.format(device)).write_text("a test", encoding="ascii")

    def mend(self) -> None:
        """As an engineer does: taken out, looked through, put in again. Nobody may have files of it open."""
        self.tell("umount", str(self.folder))
        self.tell("sh", "-c", f"e2fsck -fp {self.image} || test $? -le 1")
        self.mount()

    def close(self) -> None:
        """The disk goes with the last process that sees it."""
        with contextlib.suppress(ProcessLookupError):
            self._holder.kill()
        self._holder.wait(10)
