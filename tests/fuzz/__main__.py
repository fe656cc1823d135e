"""`python -m tests.fuzz`: run targets and print a table; exit status 1 when something was found."""

from __future__ import annotations

import argparse
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

import tests.fuzz.targets  # noqa: F401
from tests.fuzz.run import engines, fuzz
from tests.fuzz.target import TARGETS


def main() -> int:
    """Run as the command line says."""
    parser = argparse.ArgumentParser("python -m tests.fuzz", description=__doc__)
    parser.add_argument("--target", action="append", choices=sorted(TARGETS), help="default: all")
    much = parser.add_mutually_exclusive_group()
    much.add_argument("--inputs", type=int, help="inputs over all targets, shared by weight")
    much.add_argument("--seconds", type=int, help="seconds for each target")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--engine", choices=engines(), default=engines()[0])
    parser.add_argument("--out", type=Path, help="folder for finds (default: a temporary one)")
    args = parser.parse_args()
    folder = args.out or Path(tempfile.mkdtemp(prefix="fuzz-"))
    chosen = [TARGETS[n] for n in args.target or [n for n, t in TARGETS.items() if t.weight]]
    total = sum(t.weight for t in chosen) or 1
    inputs = args.inputs or (10**9 if args.seconds else 20_000)
    print(f"| target | engine | inputs | s | inputs/s | stopped | finds |\n|{'---|' * 7}")
    found = 0
    for one in chosen:
        if one.needs and find_spec(one.needs) is None:
            print(f"| {one.name} | needs {one.needs}: passed over |||||", flush=True)
            continue
        share = (
            inputs
            if args.seconds
            else max(1, inputs * one.weight // total)
            if one.weight
            else inputs
        )
        r = fuzz(one, folder / one.name, inputs=share, seconds=args.seconds or 0, seed=args.seed,
                 engine=args.engine)  # fmt: skip
        found += len(r.finds)
        print(f"| {r.target} | {r.engine} | {r.inputs} | {r.seconds:.0f} "
              f"| {r.inputs / max(r.seconds, 0.01):.0f} | {r.stopped} | {len(r.finds)} |",
              flush=True)  # fmt: skip
    if found:
        print(f"\nfinds: {folder}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
