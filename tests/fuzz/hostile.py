"""A small county whose names, ids and reasons come from the input."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from pingan_logic import (
    Change,
    Facts,
    Incident,
    InputError,
    Ledger,
    NotApplicable,
    Poll,
    Score,
    Unit,
)
from pingan_logic.intake.validation import check_facts
from tests.fuzz.checks import refused, rules
from tests.fuzz.mutate import TOKENS

__all__ = ["MORE", "SEEDS", "accepted", "county", "texts"]

_WORDS = (
    "青竹镇\n荷塘村\n滨江小区\n1栋\n第1户\n青竹学校",
    "=cmd|' /C calc'!A0\n+1\n-1\n@SUM(A1)\n'=1\n＝1",
    '<script>alert(1)</script>\n"><img src=x onerror=alert(1)>\n</script>\n<!--\n]]>\n&lt;',
    'a"b\nc\\d\n").\nx("\n\\n\n%*',
    "{{ 7*7 }}\n{% x %}\n${1}\n{unit}\n%(a)s\n%s",
    "_x0041_\nA&B\nSum(1)\n平安 乡镇\nß\nﷺ",
)
SEEDS = [w.encode() for w in _WORDS]


def texts(data: bytes) -> list[str]:
    """Return the names that an input gives."""
    return [t for t in data.decode("utf-8", "replace").split("\n") if t][:24]


def accepted(names: list[str], column: str) -> Iterator[str]:
    """Yield the names that are accepted in a column (`id` or `name`), each once, as it is read."""
    seen = set()
    for text in names:
        name = unicodedata.normalize("NFKC", text).strip() if column == "id" else text.strip()
        unit = Unit(name, "household") if column == "id" else Unit("H", "household", name)
        if not name or name in seen:
            continue
        seen.add(name)
        try:
            check_facts(Facts(units=[unit]), rules())
        except InputError as error:
            refused(error)
        else:
            yield name


def county(ids: list[str], names: list[str]) -> Facts:
    """Return a county with every kind of record; ids and names are taken in turn."""
    plain = ["C", "T", "V", "K", "B", "H", "H2", "S", "O", "W"]
    used = [i for i in ids if i not in plain][: len(plain)]
    i = [*used, *plain[len(used) :]]
    n = [names[k % len(names)] if names else "" for k in range(12)]
    units = [
        Unit(i[0], "county", n[0]),
        Unit(i[1], "township", n[1], i[0]),
        Unit(i[2], "village", n[2], i[1]),
        Unit(i[3], "compound", n[3], i[2]),
        Unit(i[4], "building", n[4], i[3]),
        Unit(i[5], "household", n[5], i[4]),
        Unit(i[6], "household", n[6], i[4]),
        Unit(i[7], "school", n[7], i[1], "county"),
        Unit(i[8], "clinic", n[8], i[1]),
        Unit(i[9], "work_unit", n[9], i[0]),
    ]
    # reasons and new names are text that must not be blank
    reason, renamed = n[10] or "没有", n[11] or "新"
    return Facts(
        units=units,
        ledgers=[Ledger(i[0], "*", 2014), Ledger(i[0], "*", 2015)],
        incidents=[
            Incident(f"{i[5]}-1"[:200], i[5], "neighbour_dispute", date(2014, 5, 1)),
            Incident(f"{i[7]}-2"[:200], i[7], "safety_accident", date(2015, 5, 1), None, i[1]),
        ],
        scores=[Score(i[1], 2014, Decimal(90)), Score(i[9], 2014, Decimal("84.5"))],
        polls=[Poll(i[1], 2014, "met"), Poll(i[9], 2014, "failed")],
        not_applicable=[NotApplicable(i[3], "compound_buildings", 2015, reason)],
        changes=[Change(i[4], date(2014, 2, 1), "renamed", renamed)],
    )


MORE = (
    *TOKENS,
    *(
        b"\n",
        b"\n\n",
        b"\n=",
        b"\n-",
        b"\n@",
        b"\n\t",
        b"\n+",
        b"\n'",
        b"\n\xe2\x80\xae",
        b"javascript:",
    ),
    *(b"<a href=javascript:alert(1)>", b"</title>", b"</style>", b"' onmouseover='x", b"&#x22;"),
    *("\u0085".encode(), "\u00a0".encode(), "\u00ad".encode(), "\U000e0041".encode()),
)
"""Pieces for names."""
