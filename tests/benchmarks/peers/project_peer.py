"""This project by its library. `python -m ... FOLDER [VERDICTS] [--unreduced]`.

Beyond the verdicts it checks every row of the data and keeps the reasons of every unit.
"""

from __future__ import annotations

import os
import sys

import pingan_logic
from tests.benchmarks.peers import standards


def main(folder: str, verdicts: str | None = None, *, unreduced: bool = False) -> None:
    """Judge the county in `folder` and report the counts; write every verdict if asked to."""
    result = pingan_logic.evaluate(
        pingan_logic.load_facts(folder),
        year=int(standards.YEAR),
        grouped=not unreduced,
        shares=False,  # the numbers of ratios, which the verdicts do not need
    )
    standards.report(
        (row["kind"], status, row[status])
        for row in result.summary()
        for status in ("failed", "met", "undetermined")
        if row[status]
    )
    if verdicts is not None:
        with open(verdicts, "w", encoding="utf-8") as file:
            file.writelines(f"{unit},,{result.status(unit)}\n" for unit in result)


if __name__ == "__main__":
    names = [a for a in sys.argv[1:] if a != "--unreduced"]
    main(*names, unreduced="--unreduced" in sys.argv)
    # the command line does not free its memory object by object at its end either
    sys.stdout.flush()
    os._exit(0)
