"""A disk that forgets what was never synced: SQLite's own file system, with a copy of each file made at each sync."""

from __future__ import annotations

import ctypes
import ctypes.util
from pathlib import Path
from typing import Self

SYNC = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int)
OPEN = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int, ctypes.POINTER(ctypes.c_int)
)
SYNC_PLACE, METHODS = 5, 19
"""Of sqlite3_io_methods: xSync is its sixth pointer-sized word; so many words are copied."""


ALIVE: list[object] = []
"""What SQLite may still call: a connection that is closed late must find it."""


class _Vfs(ctypes.Structure):
    """sqlite3_vfs as far as it is used here (sqlite.org/c3ref/vfs.html)."""

    _fields_ = (
        ("iVersion", ctypes.c_int), ("szOsFile", ctypes.c_int), ("mxPathname", ctypes.c_int),
        ("pNext", ctypes.c_void_p), ("zName", ctypes.c_char_p), ("pAppData", ctypes.c_void_p), ("xOpen", OPEN),
        ("rest", ctypes.c_void_p * 16),
    )  # fmt: skip


class ForgetfulDisk:
    """While it is registered it is the file system of every SQLite file that is opened; ``synced``: what would be left
    of each after a power cut, by its path.
    """

    def __init__(self) -> None:
        self._sqlite = ctypes.CDLL(ctypes.util.find_library("sqlite3") or "libsqlite3.so.0")
        self._sqlite.sqlite3_vfs_find.restype = ctypes.POINTER(_Vfs)
        self._base = self._sqlite.sqlite3_vfs_find(None).contents
        ALIVE.append(self)
        self.synced: dict[str, bytes] = {}
        self._vfs = _Vfs.from_buffer_copy(self._base)
        self._name = b"forgetful"
        self._vfs.zName, self._vfs.pNext = self._name, None
        self._open = OPEN(self._opened)
        self._vfs.xOpen = self._open

    def _opened(self, _vfs, name, file, flags, out) -> int:
        # The name goes on as the pointer that it is: SQLite keeps it, to name the shared memory of the log.
        told = self._base.xOpen(ctypes.addressof(self._base), name, file, flags, out)
        words = ctypes.cast(file, ctypes.POINTER(ctypes.c_void_p))
        if told == 0 and name and words[0]:
            own = (ctypes.c_void_p * METHODS)()
            ctypes.memmove(own, words[0], ctypes.sizeof(own))
            real = SYNC(own[SYNC_PLACE])
            path = ctypes.string_at(name).decode()
            if Path(path).exists():  # what was there before lies on the disk already
                self.synced.setdefault(path, Path(path).read_bytes())

            def sync(handle, how, real=real, path=path) -> int:
                done = real(handle, how)
                self.synced[path] = Path(path).read_bytes()
                return done

            spy = SYNC(sync)
            own[SYNC_PLACE] = ctypes.cast(spy, ctypes.c_void_p).value
            ALIVE.extend((own, spy, real))
            words[0] = ctypes.addressof(own)
        return told

    def __enter__(self) -> Self:
        self._sqlite.sqlite3_vfs_register(ctypes.byref(self._vfs), 1)
        return self

    def __exit__(self, *_: object) -> None:
        self._sqlite.sqlite3_vfs_unregister(ctypes.byref(self._vfs))

    def after_power_cut(self, file: Path, into: Path) -> Path:
        """The file as the disk would hold it, with its log, in another folder."""
        into.mkdir()
        for path, content in self.synced.items():
            if path in (str(file), f"{file}-wal"):
                (into / Path(path).name).write_bytes(content)
        return into / file.name
