"""Latency and throughput of `explain` over HTTP in a big county, beside the library's own time.

Run `python -m tests.benchmarks.service [households]`. Not part of the test run.
"""

from __future__ import annotations

import concurrent.futures
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx

import pingan_logic
from tests.benchmarks.county import write_county

REQUESTS = 2000


def _row(name: str, seconds: list[float], whole: float) -> None:
    cut = statistics.quantiles(seconds, n=100)
    p50, p99 = cut[49] * 1000, cut[98] * 1000
    print(f"| {name} | {p50:.1f} | {p99:.1f} | {len(seconds) / whole:.0f} |", flush=True)


def main(households: int) -> None:
    """Serve the county, ask with 1, 16 and 64 callers, then ask the library."""
    with tempfile.TemporaryDirectory() as name:
        write_county(households, Path(name))
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        url = f"http://127.0.0.1:{port}"
        start = time.perf_counter()
        served = subprocess.Popen(
            [sys.executable, "-m", "pingan_logic", "serve", "--facts", name, "--port", str(port)],
            stderr=subprocess.DEVNULL,
        )
        try:
            while True:
                try:
                    if httpx.get(f"{url}/ready").status_code == 200:
                        break
                except httpx.TransportError:
                    pass
                time.sleep(0.5)
            print(f"ready after {time.perf_counter() - start:.0f} s\n")
            rng = random.Random(1)
            units = [f"H-{rng.randrange(households)}" for _ in range(REQUESTS)]
            units[::10] = [f"B-{rng.randrange(households // 80)}" for _ in units[::10]]
            print("| callers | p50 ms | p99 ms | per second |\n|---|---:|---:|---:|")
            for callers in (1, 16, 64):
                limits = httpx.Limits(max_connections=callers)
                with httpx.Client(limits=limits, timeout=120) as client:

                    def ask(unit: str, client: httpx.Client = client) -> float:
                        begin = time.perf_counter()
                        assert client.get(f"{url}/explain/{unit}").status_code == 200
                        return time.perf_counter() - begin

                    begin = time.perf_counter()
                    with concurrent.futures.ThreadPoolExecutor(callers) as pool:
                        seconds = list(pool.map(ask, units))
                    _row(str(callers), seconds, time.perf_counter() - begin)
        finally:
            served.terminate()
            served.wait()
        result = pingan_logic.evaluate(pingan_logic.load_facts(name))
        seconds = []
        begin = time.perf_counter()
        for unit in units:
            one = time.perf_counter()
            result.explain(unit).to_dict()
            seconds.append(time.perf_counter() - one)
        _row("library", seconds, time.perf_counter() - begin)


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 220_000)
