"""How gunicorn serves the hub (deploy/systemd/hub@.service); the settings of the hub itself stand in its own files.

HUB_LISTEN: address and port, loopback only, nginx stands before it. HUB_PROCESSES: processes behind that port.
"""

import os
from pathlib import Path

from county.databases import THREADS

MEMORY = "/dev/shm"  # noqa: S108 - gunicorn makes files without a name there

wsgi_app = "county.wsgi:open_application()"
bind = os.environ.get("HUB_LISTEN", "127.0.0.1:8090")
if not bind.startswith(("127.", "localhost:")):
    raise RuntimeError("HUB_LISTEN must be a loopback address: the hub is never exposed bare")
workers = int(os.environ.get("HUB_PROCESSES", "1"))
worker_class = "gthread"
threads = THREADS  # as many as each process keeps connections to the database
backlog = 512
timeout = 60  # seconds without a sign of life: a process that hangs is replaced
graceful_timeout = 20  # seconds for what is being answered when the hub is told to stop
keepalive = 75  # longer than nginx keeps its own side of a kept connection
limit_request_line = 8190
limit_request_fields = 60
limit_request_field_size = 8190
control_socket_disable = True
worker_tmp_dir = MEMORY if Path(MEMORY).is_dir() else None  # signs of life never wait for a disk
umask = 0o077
