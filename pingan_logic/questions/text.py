"""What is missing and margins as text for people."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

from pingan_logic.explain.measures import (
    difference_words,
    item_name,
    measured_words,
    required_words,
)
from pingan_logic.explain.text import internal_line, kind_name, place_of, year_status
from pingan_logic.layout import WIDTH, broken, edges, pad, width
from pingan_logic.measured import measured_of
from pingan_logic.messages.explain import WORDS as COMMON
from pingan_logic.messages.records import WORDS
from pingan_logic.questions.margin import Distance, Loss, Margin
from pingan_logic.questions.missing import Missing, Record
from pingan_logic.questions.year_end import assumed_line
from pingan_logic.verdicts import Assessment, Status, hundredths

__all__ = ["margin_text", "missing_text"]

_NAMED = 10
"""Units that are named before their number is."""


class _Page:
    """The lines of an answer about one unit."""

    def __init__(self, a: Assessment, unit: str, status: Status, lang: str) -> None:
        self.a, self.lang, self.words, self.unit = a, lang, WORDS[lang], unit
        clauses = a.policy.clauses.values()
        counting = {c.kind for c in clauses if c.members}
        self.only_counted = {k for c in clauses for k in c.members} - counting
        here = a.units[unit]
        left = here.name or unit
        left += self.say("open") + unit + self.say("comma") + kind_name(a.policy, here.kind, lang)
        left += self.say("close")
        right = year_status(a, a[unit], lang)
        self.lines: list[str] = []
        self.add(*assumed_line(a, lang))
        self.lines.append(edges(left, right))

    def period(self, year: int) -> str:
        """Return a period in words."""
        return self.a.policy.period.said(year, self.lang)

    def say(self, key: str, **values: object) -> str:
        """Return words."""
        return self.words[key].format(**values)

    def add(self, *lines: str) -> None:
        """Add lines, each broken where it is too long."""
        for line in lines:
            self.lines += broken(line, WIDTH)

    def name(self, unit: str) -> str:
        """Return name and id of a unit; of one that is only counted (a household) the id."""
        here = self.a.units[unit]
        name = "" if here.kind in self.only_counted else here.name
        return f"{name}{self.say('open')}{unit}{self.say('close')}" if name else unit

    def names(self, units: Sequence[str]) -> str:
        """Name the first of some units."""
        said = self.say("list").join(map(self.name, units[:_NAMED]))
        return said + (self.say("more_units", n=len(units)) if len(units) > _NAMED else "")

    def clause(self, clause: str) -> str:
        """Return place and words of a clause."""
        c = self.a.policy.clauses[clause]
        return f"{place_of(c.source, self.lang)} {c.text(self.lang)}"

    def type(self, item: str) -> str:
        """Return the name of an incident type."""
        found = self.a.policy.types[item]
        return found.en if self.lang == "en" else found.zh

    def table(self, rows: Iterable[Sequence[str]], widths: Sequence[int]) -> None:
        """Add rows of columns: those of negative width are aligned right, the last is broken."""
        for row in rows:
            *above, name = broken(row[0], abs(widths[0]))
            self.lines += above
            row = (name, *row[1:])
            start = "".join(
                pad(cell, abs(columns), right=columns < 0) + ("" if columns < 0 else "  ")
                for cell, columns in zip(row, widths, strict=False)
            )
            rest = row[len(widths) :]
            if not rest:
                self.lines.append(start.rstrip())
                continue
            first, *more = broken(rest[0], WIDTH - width(start)) or [""]
            self.lines.append((start + first).rstrip())
            self.lines += [" " * width(start) + line for line in more]

    def text(self) -> str:
        """Return the page."""
        return "\n".join(self.lines).rstrip("\n") + "\n"


def missing_text(m: Missing, lang: str) -> str:
    """Return the records still needed in words."""
    a = m.assessment
    page = _Page(a, m.unit, m.status, lang)
    if not m.open:
        ahead = a.at_year_end and m.status is Status.MET
        page.add(page.say("settled_ahead" if ahead else "settled", year=page.period(a.year)))
    if m.records:
        page.add(page.say("records_partly" if m.unsettled else "records", n=len(m.records)))
        if not m.proven:
            page.add(page.say("lower", n=m.lower))
        if not m.decides:
            page.add(page.say("undecided"))
        page.lines.append("")
        _records(page, m.records)
        page.lines.append("")
        kinds = {r.kind for r in m.records}
        late = sum(r.at_year_end for r in m.records)
        if late:
            page.add(page.say("ahead", n=late, end=a.policy.period.end_said(a.year, page.lang)))
        for key, some in _HOW.items():
            if kinds & some:
                page.add(page.say(key))
        page.add(page.say("verdict_after"))
    for clause, unit in m.unsettled:
        basis = a.outcome.findings.get(unit, {}).get(clause, ("", ""))[1]
        members = a.policy.clauses[clause].members
        if basis == "no_members" and members:
            kind = page.say("list").join(kind_name(a.policy, k, lang) for k in members)
            said = page.say(
                "no_members", kind=kind, unit=page.name(unit), clause=page.clause(clause)
            )
        else:
            said = page.say("unsettled", unit=page.name(unit), clause=page.clause(clause))
        page.add(said)
    page.lines += internal_line(a, [m.unit, *(r.unit for r in m.records)], lang)
    return page.text()


_HOW = {
    "how_ledger": {"ledger"},
    "how_grade": {"grade", "liability"},
    "how_said": {"score", "poll", "requirement"},
    "how_value": {"value"},
}
"""What to do, by the kinds of records."""


def _records(page: _Page, records: Sequence[Record]) -> None:
    """Add the table of records: those of a kind and holder in one row."""
    a = page.a
    rows: dict[tuple[str, str | None], list[str]] = defaultdict(list)
    order = {t: n for n, t in enumerate(a.policy.types)}
    for r in sorted(records, key=lambda r: order.get(r.item or "", -1)):
        rows[r.kind, r.unit].append(_item(page, r))
    cells = [(page.say("record"), page.say("held"), page.say("item"))]
    for (kind, unit), items in sorted(rows.items(), key=lambda row: _ORDER.index(row[0][0])):
        held = page.name(unit) if unit and unit in a.units else page.say("authority")
        cells.append((page.say(kind, n=len(items)), held, page.say("list").join(items)))
    first = max(width(row[0]) for row in cells)
    second = max(width(row[1]) for row in cells)
    page.table(cells, (max(first, 14), min(max(second, 18), 34)))


_ORDER = ("ledger", "grade", "liability", "score", "poll", "requirement", "value")


def _item(page: _Page, r: Record) -> str:
    if r.incident is not None:
        event = page.a.incidents[r.incident]
        values = {"id": r.incident, "type": page.type(event.type), "date": event.date.isoformat()}
        return page.say("incident", **values)
    if r.kind == "ledger":
        name = page.type(r.item or "")
        now = r.year in (None, page.a.year)
        return (
            name
            if now
            else page.say("year_item", item=name, year=page.period(r.year or page.a.year))
        )
    if r.kind == "value":
        item = page.a.policy.inputs[r.item or ""]
        name = item_name(item, page.lang)
        if item.given:
            name += page.say("open") + kind_name(page.a.policy, r.unit or "", page.lang)
            name += page.say("close")
        return name
    if r.kind == "requirement":
        kind = kind_name(page.a.policy, r.item or "", page.lang)
        return page.say("requirement_item") + page.say("open") + kind + page.say("close")
    return page.say(f"{r.kind}_item")


def margin_text(m: Margin, lang: str) -> str:
    """Return a margin in words."""
    a = m.assessment
    page = _Page(a, m.unit, m.status, lang)
    page.lines.append("")
    head = (page.say("margins"), page.say("measured"), page.say("required"), page.say("to_spare"))
    rows = [head, *_distances(page, m.distances)]
    figures = [max(10, 2 + max(width(row[n]) for row in rows)) for n in (1, 2, 3)]
    page.table(rows, (WIDTH - 2 - sum(figures), *(-n for n in figures)))
    page.lines.append("")
    if not m.proven:
        page.add(page.say("so_far"))
    if m.status is not Status.MET:
        page.add(page.say("not_met", status=COMMON[lang][m.status.value]))
    named = [m.unit]
    for loss in m.losses:
        page.add(_loss(page, loss, m))
        named += loss.topple
    if m.cascade is not None:
        falls = page.names(m.cascade.falls)
        key = "falls_level" if a.policy.levels else "falls"
        page.add(page.say(key, unit=page.name(m.cascade.unit), falls=falls))
        named += [m.cascade.unit, *m.cascade.falls]
    elif a.inside(m.unit):
        page.add(page.say("falls_none" if m.proven else "falls_so_far"))
    page.lines += internal_line(a, named, lang)
    return page.text()


def _loss(page: _Page, loss: Loss, m: Margin) -> str:
    levels = m.assessment[m.unit].levels
    reached = levels.reached if levels else None
    level = kind_name(page.a.policy, reached, page.lang) if reached else ""
    kept = {k: page.say(f"{k}_level" if level else k, level=level) for k in ("kept", "lost")}
    values = {
        **kept,
        "kind": kind_name(page.a.policy, loss.kind, page.lang),
        "measure": page.a.policy.kinds[loss.kind].measure,
    }
    if loss.spare is None:
        return page.say("lose_any", **values)
    if not loss.proven:
        return page.say("lose_so_far", n=loss.spare, **values)
    names = page.names(loss.topple)
    if loss.spare == 0:
        return page.say("lose_one", names=names, **values)
    return page.say("lose", n=loss.spare, m=loss.spare + 1, names=names, **values)


def _distances(page: _Page, distances: Sequence[Distance]) -> Iterator[tuple[str, ...]]:
    """Yield the rows of a table; the prohibitions of one list of which none is broken, or of which
    nothing is known, are one row."""
    clauses = page.a.policy.clauses
    plain = Counter((clauses[d.clause].source, d.status) for d in distances if _plain(d))
    for d in distances:
        if d.measure == "value":
            yield from _values(page, d)
        elif not _plain(d):
            yield from (
                _matters(page, d) if d.matters else [(page.clause(d.clause), *_figures(page, d))]
            )
        elif number := plain.pop((clauses[d.clause].source, d.status), 0):
            source, zero = place_of(clauses[d.clause].source, page.lang), page.say("incidents", n=0)
            met = d.status is Status.MET
            name = _list(page, d, number)
            yield (
                page.clause(d.clause)
                if number == 1
                else page.say("prohibitions", source=source, name=name, n=number),
                zero if met else page.say("unknown"),
                zero,
                page.say("none" if met else "unknown"),
            )


def _list(page: _Page, d: Distance, number: int) -> str:
    """Return the notice's name of a list of which all stand alike, such as “七无”."""
    here, clauses = page.a.policy.clauses[d.clause], page.a.policy.clauses.values()
    name = page.a.policy.list_names.get((here.kind, here.source))
    whole = sum((c.kind, c.source) == (here.kind, here.source) for c in clauses) == number
    return name if name and whole else page.say("prohibited")


def _plain(d: Distance) -> bool:
    """Whether one incident of each matter is too many and none has happened, or nothing is known
    of any."""
    said = {(m.spare, m.measured, m.required) for m in d.matters}
    return said in ({(0, "0", "0")}, {(None, "≥0", "0")})


def _matters(page: _Page, d: Distance) -> Iterator[tuple[str, ...]]:
    prohibitions = {p.matter: p for p in page.a.policy.clauses[d.clause].prohibitions}
    for m in d.matters:
        p = prohibitions[m.matter]
        name = page.clause(d.clause)
        if len(d.matters) > 1:
            matter = (p.en if page.lang == "en" else None) or p.zh
            source = place_of(page.a.policy.clauses[d.clause].source, page.lang)
            text = page.a.policy.clauses[d.clause].text(page.lang)
            name = page.say("matter", source=source, clause=text, matter=matter)
        limit = m.required.removeprefix("<")
        key = "fewer_than" if m.required.startswith("<") else "incidents"
        spare = page.say("unknown")
        if m.spare is not None:
            spare = page.say("none") if m.spare == 0 else page.say("incidents", n=m.spare)
            if m.spare < 0:
                spare = page.say("over", n=-m.spare)
            elif not m.proven:
                spare = page.say("at_least", spare=page.say("incidents", n=m.spare))
        yield name, _counted(page, m.measured), page.say(key, n=limit), spare


def _values(page: _Page, d: Distance) -> Iterator[tuple[str, ...]]:
    """Yield a row for each value that a clause measures."""
    a, lang, clause = page.a, page.lang, page.a.policy.clauses[d.clause]
    found = measured_of(a.outcome, a.policy, clause, page.unit)
    for m in found:
        name = page.clause(d.clause)
        if len(found) > 1:
            about = {"matter": item_name(m.items[0], lang), "clause": clause.text(lang)}
            name = page.say("matter", source=place_of(clause.source, lang), **about)
        nothing = COMMON[lang]["none"]
        measured, required, spare = m.measured, m.required, nothing
        if len(m.items) == 1 and m.limit is not None and (lang == "zh" or m.parts):
            measured, required = measured_words(m, lang), required_words(m, lang)
        if m.status == Status.UNDETERMINED.value:
            measured, spare = measured or page.say("unknown"), page.say("unknown")
        elif m.spare is not None:
            key = "value_short" if m.spare < 0 else "value_spare"
            spare = page.say(key, n=difference_words(m.items[0], abs(m.spare), lang))
        yield name, measured or nothing, required, spare


def _counted(page: _Page, measured: str | None) -> str:
    """Say how many incidents count: a number, a range, or at least so many (`≥2`)."""
    if measured is None or measured == "≥0":
        return page.say("unknown")
    if measured.startswith("≥"):
        said = page.say("incidents", n=measured.removeprefix("≥"))
        return page.say("at_least", spare=said)
    return page.say("incidents", n=measured.replace("..", page.say("to")))


def _figures(page: _Page, d: Distance) -> tuple[str, str, str]:
    """Return what a clause measures, what it asks for and what there is to spare."""
    unknown = page.say("unknown") if d.status is Status.UNDETERMINED else COMMON[page.lang]["none"]
    measured = unknown if d.measured is None else d.measured
    required = d.required.removeprefix("≥")
    measure = ""
    if d.measure == "members":
        measured = measured.partition("=")[0]
        kinds = page.a.policy.clauses[d.clause].members
        measure = page.a.policy.measure_of(kinds) if kinds else ""
        measured = measured.replace("..", page.say("to"))
        measured = page.say("members", n=measured, measure=measure)
    elif d.measure == "hundredths":
        required = page.say("points", n=required)
        measured = unknown if d.measured is None else page.say("points", n=measured)
    elif d.required.startswith("≤"):
        required = page.say("rank_limit", n=d.required.removeprefix("≤"))
        measured = page.say("rank", n=measured)
    elif d.measure == "ranks":
        required = page.say("polled")
        said = {"met": page.say("polled"), "failed": page.say("polled_failed")}
        measured = said.get(measured, measured)
    if d.spare is None:
        return measured, required, unknown
    key = {"hundredths": "points"}.get(d.measure, d.measure)
    number = hundredths(abs(d.spare)) if d.measure == "hundredths" else str(abs(d.spare))
    spare = page.say(f"{key}_short" if d.spare < 0 else key, n=number, measure=measure)
    return measured, required, spare
