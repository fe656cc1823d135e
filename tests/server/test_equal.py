"""Every question of every unit, asked through the library, the command line and the service: the
same bytes, or refused in the same words.

Reading and judging whole counties is done once for all of them; what a question adds is not.
"""

from __future__ import annotations

import io
import json
import random
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

import pingan_logic
from pingan_logic import Assessment, Facts, PinganError, Policy
from pingan_logic.cli import running, whatif_command
from pingan_logic.cli.main import main
from pingan_logic.json_text import to_json
from pingan_logic.policy.settings import parse_setting
from pingan_logic.questions.comparison import compare, each_switch, policy_with
from pingan_logic.questions.fix import find_remedy
from pingan_logic.questions.margin import find_margin
from pingan_logic.questions.missing import find_missing
from tests.server.here import Here, write
from tests.worlds import random_county

SAMPLE = Path(__file__).parents[2] / "facts" / "sample-county"
COUNTIES = 30
MOST = 5
"""Units of a random county: of thirty it is not the size that tells."""
THRESHOLD = "threshold(building_households)=80/100"
Said = tuple[str, bytes | str]


def told(ask: Callable[[], Any]) -> Said:
    """Return an answer of the library or the command line, or why there is none."""
    try:
        answer = ask()
    except PinganError as error:
        return "refused", "\n".join(p.words("zh") for p in error.problems)
    return "answered", answer if isinstance(answer, bytes) else to_json(answer).encode()


class Asking:
    """One county, asked in all ways."""

    def __init__(self, path: Path, policy: Policy) -> None:
        self.path, self.policy = path, policy
        self.facts: Facts = pingan_logic.load_facts(path, policy)
        self.judged: Assessment = pingan_logic.evaluate(self.facts, policy)
        self.here = Here(path)

    def cli(self, *arguments: str) -> Said:
        """Ask the command line."""

        def ask() -> bytes:
            out = io.StringIO()
            with redirect_stdout(out):
                line = [*arguments, "--facts", str(self.path), "--json", "--quiet"]
                main.main(line, "pingan", standalone_mode=False)
            return out.getvalue().encode()

        kind, said = told(ask)
        return kind, str(said).replace("--kind", "kind") if kind == "refused" else said

    def http(self, method: str, path: str, body: Any = None) -> Said:
        """Ask the service."""
        response = self.here.get(path) if method == "GET" else self.here.post(path, body)
        if response.status_code == 200:
            return "answered", response.content
        assert response.headers["content-type"] == "application/problem+json"
        assert response.status_code in (400, 404, 422), response.text
        return "refused", response.json()["detail"]

    def same(self, *ways: Said) -> None:
        """Compare what was said in several ways."""
        first = ways[0]
        for other in ways[1:]:
            assert other == first

    def explained(self, unit: str) -> None:
        """Ask for the reasons of one unit that is like another."""
        self.same(
            told(lambda: self.judged.explain(unit).to_dict("zh")),
            self.http("GET", f"/explain/{unit}"),
        )

    def unit(self, unit: str) -> None:
        """Ask every question of one unit in every way."""
        a, here = self.judged, unit
        questions: dict[str, Callable[[], Any]] = {
            "explain": lambda: a.explain(here).to_dict("zh"),
            "fix": lambda: find_remedy(a, here, 1, 60).to_dict("zh"),
            "margin": lambda: find_margin(a, here).to_dict(),
            "missing": lambda: find_missing(a, here).to_dict(),
        }
        for name, ask in questions.items():
            ways = [told(ask), self.cli(name, unit), self.http("POST", f"/{name}", {"unit": unit})]
            if name == "explain":
                ways.append(self.http("GET", f"/explain/{unit}"))
            self.same(*ways)

    def whole(self) -> None:
        """Ask the questions about the whole county."""
        a = self.judged
        for kind, status in ((None, None), ("household", None), ("township", "met"), ("x", None)):
            asked = {k: v for k, v in (("kind", kind), ("status", status)) if v}
            line = [x for k, v in asked.items() for x in (f"--{k}", v)]
            query = "&".join(f"{k}={v}" for k, v in asked.items())
            ways = [
                self.cli("evaluate", *line),
                self.http("GET", f"/evaluate?{query}"),
                self.http("POST", "/evaluate", asked),
            ]
            if kind != "x":
                ways.append(told(lambda k=kind, s=status: a.to_dict(k, s)))
            self.same(*ways)

    def changed(self) -> None:
        """Ask what another threshold and another year would change."""
        a = self.judged
        other = policy_with(self.policy, [parse_setting(THRESHOLD, self.policy)])
        after = pingan_logic.evaluate(self.facts, other, a.year)
        names = f"{self.policy.name} {self.path.name} {a.year}"
        found = {
            "schema": 2,
            "before": names,
            "after": f"{names} {THRESHOLD}",
            **compare(a, after).to_dict(),
        }
        self.same(
            told(lambda: found),
            self.cli("whatif", "--set", THRESHOLD),
            self.http("POST", "/whatif", {"set": [THRESHOLD]}),
        )
        self.same(
            self.cli("whatif", "--year-b", str(a.year - 1)),
            self.http("POST", "/whatif", {"year_b": a.year - 1}),
        )

    def switches(self) -> None:
        """Ask what each switch decides."""
        effects = each_switch(self.facts, self.policy)
        self.same(
            told(lambda: {"schema": 2, "switches": [e.to_dict() for e in effects]}),
            self.cli("whatif", "--each-switch"),
            self.http("POST", "/switches", {}),
        )


@pytest.fixture
def asking(policy: Policy, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Path], Asking]]:
    """Return what makes an Asking; the command line reads and judges each county once."""
    read = lru_cache(2)(lambda path: pingan_logic.load_facts(path, policy))

    @lru_cache(4)
    def judged(path: Any, year: int | None, day: Any) -> Assessment:
        return pingan_logic.evaluate(read(path), policy, year, as_of=day)

    def evaluate(facts: Facts, rules: Policy, year: int | None = None, **more: Any) -> Assessment:
        unit, day = more.get("unit"), more.get("as_of")
        if unit is None and facts is read(made[-1].path):
            return judged(made[-1].path, year, day)
        return pingan_logic.evaluate(facts, rules, year, **more)

    made: list[Asking] = []

    def make(path: Path) -> Asking:
        made.append(Asking(path, policy))
        return made[-1]

    monkeypatch.setattr(running, "load_policy", lambda _: policy)
    monkeypatch.setattr(running, "read_facts", lambda *_: read(made[-1].path))
    monkeypatch.setattr(running, "evaluate", evaluate)
    monkeypatch.setattr(whatif_command, "read_facts", lambda *_: read(made[-1].path))
    yield make
    for one in made:
        one.here.close()


KINDS = ("county", "township", "work_unit", "enterprise", "village", "school", "hospital",
         "compound", "building", "household")  # fmt: skip


@pytest.mark.no_cover
def test_every_question_of_the_whole_sample(asking: Callable[[Path], Asking]) -> None:
    county = asking(SAMPLE)
    assert set(county.facts.units.column("kind")) == set(KINDS)
    county.whole()
    county.changed()
    county.switches()


@pytest.mark.no_cover
@pytest.mark.parametrize("kind", KINDS)
def test_every_question_of_every_unit_of_the_sample(
    kind: str, asking: Callable[[Path], Asking]
) -> None:
    county = asking(SAMPLE)
    alike: set[str] = set()
    for unit in county.facts.units:
        if unit.kind == kind:
            # units of like evidence in one place are judged once: so are they asked about
            stands = county.judged.outcome.groups.standing[unit.id]
            (county.explained if stands in alike else county.unit)(unit.id)
            alike.add(stands)


@pytest.mark.no_cover
@pytest.mark.parametrize("seed", range(COUNTIES))
def test_every_question_of_random_counties(
    seed: int, asking: Callable[[Path], Asking], tmp_path: Path
) -> None:
    rng = random.Random(f"equal {seed}")
    data = next(c for _ in range(9999) if len((c := random_county(rng))["units"]) <= MOST)
    county = asking(write(data, tmp_path / "county.json"))
    county.whole()
    if seed % 5 == 0:
        county.changed()
    for unit in county.facts.units:
        county.unit(unit.id)
    if seed == 0:
        county.switches()


@pytest.mark.no_cover
def test_data_that_is_sent_is_answered_as_data_on_standard_input(
    asking: Callable[[Path], Asking], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = random_county(random.Random("sent"), 2014)
    county = asking(write(data, tmp_path / "-"))
    empty = Here()
    for unit in [u.id for u in county.facts.units][:12]:
        for name in ("explain", "fix", "margin", "missing"):
            way = empty.post(f"/{name}", {"facts": data, "unit": unit})
            said = county.http("POST", f"/{name}", {"unit": unit})
            assert said[1] == (way.content if way.status_code == 200 else way.json()["detail"])
    change = {"add": {"scores": [{"unit": data["units"][1]["id"], "year": 2013, "score": "90"}]}}
    (tmp_path / "change").write_text(json.dumps(change), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    asked = {"facts": data, "set": [THRESHOLD], "year": 2014, **change}
    line = ("whatif", "--set", THRESHOLD, "--change", "change", "--year", "2014")
    response = empty.post("/whatif", asked)
    assert ("answered", response.content) == county.cli(*line)
    empty.close()


@pytest.mark.parametrize("unit", ["W-03", "B-12", "H-0185"])
def test_a_year_that_is_not_over_is_told_alike(asking: Callable[[Path], Asking], unit: str) -> None:
    county = asking(SAMPLE)
    day = "2014-11-30"
    for name in ("explain", "fix", "margin", "missing"):
        body = {"unit": unit, "year": 2014, "as_of": day}
        said = county.cli(name, unit, "--year", "2014", "--as-of", day)
        county.same(said, county.http("POST", f"/{name}", body))
        assert said[0] == "answered"
        told = json.loads(said[1])
        if name == "explain":
            assert told["preliminary"] is True
        else:
            assert told["assumes"][0] == "year_end"
