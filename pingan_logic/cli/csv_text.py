"""Answers as CSV: in words for people, or in codes for programs."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import click

from pingan_logic.explain.text import kind_name, place_of, status_text
from pingan_logic.intake.csv_tables import escape_formula, may_run
from pingan_logic.memory import Once, batches
from pingan_logic.messages.explain import WORDS
from pingan_logic.verdicts import Assessment, Line

__all__ = ["csv_option", "list_csv", "to_csv"]


def csv_option(command: Any) -> Any:
    """Add `--csv`, and `--csv=codes`: CSV in words, or with the codes of rules and JSON."""
    return click.option(
        "--csv",
        "as_csv",
        type=click.Choice(("words", "codes")),
        is_flag=False,
        flag_value="words",
        metavar="[=codes]",
        help="输出 CSV，供 Excel 打开；=codes 用代码，供程序读 / print CSV; =codes: with codes, "
        "for programs",
    )(command)


def list_csv(
    a: Assessment, kind: str | None, status: str | None, lang: str, *, codes: bool
) -> Iterator[str]:
    """Yield the units of a county as CSV; what units share is written once and repeated."""
    w = WORDS[lang]
    clauses = {
        c.id: c.id if codes else f"{place_of(c.source, lang)} {c.text(lang)}"
        for c in a.policy.clauses.values()
    }
    between = ";" if codes else w["semicolon"]

    def end(line: Line) -> str:
        said = line.status.value if codes else status_text(a.policy, line.status, line.levels, lang)
        open_to = (
            between.join(map(clauses.__getitem__, x)) for x in (line.failed, line.undetermined)
        )
        levels = line.levels.reached or "" if line.levels else ""
        more = (levels,) if codes and a.policy.levels else ()
        return f"{','.join(csv_cells((said, *open_to, *more)))}\r\n"

    after = Once(end)
    heads = (*_CODES, "level") if a.policy.levels else _CODES
    yield from to_csv([heads if codes else _titles(a, lang)])
    for declared, units, names, lines in a.listed(kind, status):
        (named,) = csv_cells((declared if codes else kind_name(a.policy, declared, lang),))
        cells = [f",{named},"] * (5 * len(units))
        cells[::5], cells[2::5] = csv_cells(units), csv_cells(names)
        cells[3::5] = [","] * len(units)
        cells[4::5] = map(after.__getitem__, lines)
        yield "".join(cells)


_CODES = ("id", "kind", "name", "status", "failed", "undetermined")


def _titles(a: Assessment, lang: str) -> list[str]:
    w = WORDS[lang]
    titles = [w[t] for t in ("id", "kind", "name", "status", "failed_clauses", "open_clauses")]
    titles[3] = w["preliminary_status"] if a.preliminary else w["status"]
    return titles


def to_csv(rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """Yield rows as CSV that a spreadsheet opens as it stands and runs no formula of."""
    yield "\ufeff"
    for some in batches(rows):
        cells = zip(*map(csv_cells, zip(*some, strict=True)), strict=True)
        yield "".join([f"{','.join(row)}\r\n" for row in cells])


def csv_cells(column: Sequence[Any]) -> Sequence[str]:
    """Return values as cells of CSV, none of which a spreadsheet takes for a formula."""
    texts: Sequence[str] = column
    try:
        whole = "\n".join(texts)
    except TypeError:
        texts = ["" if cell is None else str(cell) for cell in column]
        whole = "\n".join(texts)
    if may_run(whole):
        texts = list(map(escape_formula, texts))
        whole = "\n".join(texts)
    one_line = whole.count("\n") == max(len(texts) - 1, 0)
    plain = one_line and not any(map(whole.__contains__, ',"\r'))
    return texts if plain else list(map(_quoted, texts))


def _quoted(text: str) -> str:
    out = io.StringIO()
    csv.writer(out).writerow((text, ""))
    return out.getvalue().removesuffix(",\r\n")
