"""Everything can be imported, and a unit explained, without what only POSIX systems have."""

from __future__ import annotations

import subprocess
import sys

import pytest

BARE = """
import importlib, os, signal, sys
# Python itself has chosen by now what it needs of them
import multiprocessing.context, multiprocessing.popen_fork, subprocess, tempfile

class Hidden:
    names = {"fcntl", "resource", "pwd", "grp", "termios", "pty", "tty", "psutil"}

    def find_spec(self, name, path=None, target=None):
        if name in self.names:
            raise ImportError(f"no {name} here")

for name in Hidden.names:
    sys.modules.pop(name, None)
sys.meta_path.insert(0, Hidden())
for holder, names in (
    (os, "fork forkpty chown fchown getuid geteuid getloadavg sched_getaffinity"),
    (os, "setsid killpg mkfifo WNOHANG"),
    (signal, "SIGKILL SIGHUP SIGALRM SIGUSR1 SIGPIPE pthread_sigmask SIG_BLOCK alarm setitimer"),
    (multiprocessing.context, "ForkProcess ForkContext ForkServerProcess"),
):
    for name in names.split():
        if hasattr(holder, name):
            delattr(holder, name)
"""
IMPORT_ALL = """
from pathlib import Path
import pingan_logic
root = Path(pingan_logic.__file__).parent
for file in sorted(root.rglob("*.py")):
    parts = file.relative_to(root.parent).with_suffix("").parts
    # Spark needs an extra, __main__ runs, and what lies in _data is data
    if not {"spark", "__main__", "_data"} & {*parts}:
        importlib.import_module(".".join(parts).removesuffix(".__init__"))
print("all")
"""
EXPLAIN = """
from pingan_logic.cli import run
run(["explain", "B-12", "-q"])
"""


@pytest.mark.parametrize(("program", "said"), [(IMPORT_ALL, "all"), (EXPLAIN, "B-12")])
def test_it_runs_without_what_only_posix_has(program: str, said: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", BARE + program],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert said in done.stdout
