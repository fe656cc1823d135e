"""How many units two programs judge differently. `python -m ... REFERENCE OTHER` prints the number.

A process of its own, so that whoever measures stays small. A file holds id, standard, status; the
standard may be blank. Output of `evaluate --csv` is read by its header, in words or in codes.
"""

from __future__ import annotations

import csv
import sys

from pingan_logic.messages.explain import WORDS

_WORDS = WORDS["zh"]
_CODES = {_WORDS[code]: code for code in ("met", "failed", "undetermined")}


def read(path: str) -> dict[str, tuple[str, str]]:
    """Return standard and status by id; a unit that stands twice is refused."""
    with open(path, encoding="utf-8-sig", newline="") as file:
        rows = csv.reader(file)
        found: dict[str, tuple[str, str]] = {}
        columns = (0, 1, 2)
        for row in rows:
            if row[0] in ("id", _WORDS["id"]):
                status = "status" if row[0] == "id" else _WORDS["status"]
                columns = (0, -1, row.index(status))
                continue
            unit, standard, status = ("" if n < 0 else row[n] for n in columns)
            if unit in found:
                raise SystemExit(f"{path}: {unit} twice")
            found[unit] = (standard, _CODES.get(status, status))
    return found


def differences(reference: str, other: str) -> int:
    """Return the number of units with another verdict, or with one in one file only."""
    left, right = read(reference), read(other)
    different = len(left.keys() ^ right.keys())
    for unit in left.keys() & right.keys():
        (one, status), (two, answer) = left[unit], right[unit]
        different += status != answer or bool(one and two and one != two)
    return different


if __name__ == "__main__":
    print(differences(sys.argv[1], sys.argv[2]))
