"""Units that open, close, merge, move and are renamed: each year by its own register."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

import pingan_logic
from pingan_logic import Assessment, InputError, Policy, RequestError
from pingan_logic.catalogue import Setting
from pingan_logic.intake import read_document
from pingan_logic.questions.comparison import policy_with
from pingan_logic.questions.rollover import unrecorded
from pingan_logic.solving.slices import slice_facts
from tests.command import run as command
from tests.oracle import flattened
from tests.worlds import DAYS, EVENTS, random_county, with_register

POLICY = pingan_logic.load_policy()
seeds = st.integers(0, 10**9)
SOME = settings(max_examples=16, deadline=None)
Data = dict[str, list[dict[str, Any]]]


def run(data: Data, year: int = 2014, *, policy: Policy = POLICY, **options: Any) -> Assessment:
    facts = read_document(data, "data", policy)
    return pingan_logic.evaluate(facts, policy, year, attainment=True, **options)


def county(*units: tuple[str, ...], **tables: Any) -> Data:
    """Return a county C with township T; units are id, kind, parent, opened, closed."""
    head = ("id", "kind", "parent", "opened", "closed")
    rows = [{"id": "C", "kind": "county"}, {"id": "T", "kind": "township", "parent": "C"}]
    rows += [dict(zip(head, u, strict=False)) for u in units]
    ledgers = [{"unit": "T", "item": "*", "year": y} for y in (2014, 2015, 2016)]
    changes = [
        dict(zip(("unit", "date", "change", "value"), c, strict=True))
        for c in tables.pop("changes", ())
    ]
    return {"units": rows, "ledgers": ledgers, "changes": changes, "incidents": [], **tables}


def incident(unit: str, day: str, type_: str = "gambling", **more: str) -> dict[str, str]:
    return {"id": f"{unit}{day}", "unit": unit, "type": type_, "grade": "", "date": day, **more}


VILLAGES = (("V", "village", "T"), ("W", "village", "T"), ("H", "household", "V"),
            ("G", "household", "W"))  # fmt: skip
MERGER = (("V", "2015-07-01", "merged_into", "W"),)


@pytest.mark.parametrize(
    ("opened", "stands"), [("2014-12-31", True), ("2015-01-01", False), ("", True)]
)
def test_a_unit_is_judged_from_the_year_in_which_it_opens(opened: str, stands: bool) -> None:
    assert ("E" in run(county(("E", "enterprise", "T", opened)))) is stands


@pytest.mark.parametrize(
    ("closed", "stands"), [("2014-12-31", False), ("2015-01-01", True), ("2014-01-01", False)]
)
def test_a_closed_unit_is_not_judged_in_the_year_of_its_end(closed: str, stands: bool) -> None:
    result = run(county(("E", "enterprise", "T", "", closed)))
    assert ("E" in result) is stands
    assert (("not_standing", "E") in result.notices) is not stands
    if not stands:
        with pytest.raises(RequestError):
            result.explain("E")


def test_a_preliminary_run_judges_the_units_of_its_cut_off_day() -> None:
    from datetime import date

    data = county(
        ("E", "enterprise", "T", "2014-09-01"), ("F", "enterprise", "T", "", "2014-07-01")
    )
    early = run(data, as_of=date(2014, 6, 30))
    late = run(data, as_of=date(2014, 10, 31))
    assert ("E" in early, "F" in early) == (False, True)
    assert ("E" in late, "F" in late) == (True, False)


def test_the_successor_takes_over_members_and_incidents_also_those_before() -> None:
    data = county(*VILLAGES, changes=MERGER)
    data["incidents"] = [incident("V", "2015-03-01"), incident("H", "2015-02-01")]
    before, after = run(data, 2014), run(data, 2015)
    assert before["V"].status.value == "met"
    assert set(before.inside("V")) == {"H"}
    assert "V" not in after
    assert set(after.inside("W")) == {"H", "G"}
    finding = next(f for f in after["W"].findings if f.clause == "village_gambling")
    assert finding.status.value == "failed"
    assert len(finding.evidence) == 2
    assert after["W"].findings[-1].measured == "1/2=50.0%"
    with pytest.raises(RequestError) as caught:
        after["V"]
    assert caught.value.problems[0].nearest == "W"


@pytest.mark.parametrize("grouped", [True, False])
def test_a_successor_that_was_empty_takes_over_every_household(grouped: bool) -> None:
    homes = [(f"H{n}", "household", "K" if n < 3 else "V") for n in range(5)]
    data = county(*VILLAGES[:2], ("K", "building", "V"), *homes, changes=MERGER)
    facts = read_document(data, "data", POLICY)
    result = pingan_logic.evaluate(facts, POLICY, 2015, grouped=grouped)
    assert result["W"].findings[-1].measured == "5/5=100.0%"
    assert result["T"].findings[4].measured == "5/5=100.0%"


def test_a_chain_of_mergers_ends_at_the_last_successor() -> None:
    data = county(*VILLAGES, ("X", "village", "T"),
                  changes=(*MERGER, ("W", "2015-09-01", "merged_into", "X")))  # fmt: skip
    data["incidents"] = [incident("T", "2015-01-01", "mass_petition", responsible_unit="V")]
    result = run(data, 2015)
    assert set(result.inside("X")) == {"H", "G"}
    assert result["X"].status.value == "failed"


def test_the_successors_own_ledger_is_needed() -> None:
    data = county(*VILLAGES, changes=MERGER)
    data["ledgers"] = [{"unit": "V", "item": "*", "year": 2015}]
    result = run(data, 2015)
    assert result["H"].status.value == "undetermined"
    assert ("not_standing", "V") in result.notices


def test_what_a_closed_unit_contained_counts_in_the_next_container() -> None:
    data = county(("V", "village", "T"), ("K", "compound", "V"),
                  ("B", "building", "K", "", "2014-05-01"), ("H", "household", "B"))  # fmt: skip
    data["incidents"] = [incident("B", "2014-02-01")]
    result = run(data)
    assert result.units["H"].parent == "K"
    assert result["K"].findings[-1].measured == "1/1=100.0%"
    assert "compound_gambling" in result["K"].clauses(result["K"].status)


def test_units_open_with_their_container() -> None:
    data = county(("V", "village", "T"), ("K", "compound", "V", "2015-03-01"),
                  ("B", "building", "K"), ("H", "household", "B"))  # fmt: skip
    assert set(run(data, 2014)) == {"T", "V"}
    assert set(run(data, 2015)) == {"T", "V", "K", "B", "H"}


@pytest.mark.parametrize(
    ("value", "failed"), [("place_then", {"T", "V", "W", "H"}), ("with_unit", {"T", "W", "H"})]
)
def test_incidents_stay_where_they_happened_unless_the_switch_says_otherwise(
    value: str, failed: set[str]
) -> None:
    data = county(*VILLAGES, changes=(("H", "2015-12-31", "moved", "W"),))
    data["incidents"] = [incident("H", "2015-01-05"), incident("H", "2014-01-05")]
    policy = policy_with(POLICY, [Setting("switch", "moved_incidents", (value,))])
    results = {y: run(data, y, policy=policy) for y in (2014, 2015, 2016)}
    found = {year: set(result.select(status="failed")) for year, result in results.items()}
    assert found == {2014: {"T", "V", "H"}, 2015: failed, 2016: set()}
    # of W only the share of its households suffers by default: H failed in V
    gambling = results[2015]["W"].findings[4]
    assert gambling.clause == "village_gambling"
    assert gambling.status.value == ("met" if value == "place_then" else "failed")
    said = [x for name, x in results[2015].notices if name == "moved_incident"]
    assert said == ["H2015-01-05"]


def test_a_unit_that_moved_twice_stood_in_each_place_in_its_time() -> None:
    moves = (("H", "2015-03-01", "moved", "W"), ("H", "2015-09-01", "moved", "V"))
    data = county(*VILLAGES, changes=moves)
    for day, village in (("2015-02-28", "V"), ("2015-03-01", "W"), ("2015-08-31", "W"),
                         ("2015-09-01", "V")):  # fmt: skip
        data["incidents"] = [incident("H", day)]
        result = run(data, 2015)
        against = {v for v in "VW" if "village_gambling" in result[v].to_dict()["failed"]}
        assert against == {village}, day


def test_a_merged_unit_is_answered_for_by_its_successor_and_the_containers_of_the_day() -> None:
    data = county(*VILLAGES[:2], ("T2", "township", "C"), ("X", "village", "T2"),
                  changes=(("V", "2015-07-01", "merged_into", "X"),))  # fmt: skip
    data["incidents"] = [incident("V", "2015-03-01", "mass_incident")]
    result = run(data, 2015)
    assert "village_mass_incidents" in result["X"].to_dict()["failed"]
    assert "township_mass_incidents" in result["T"].to_dict()["failed"]
    assert "township_mass_incidents" not in result["T2"].to_dict()["failed"]
    # since the merger it is the successor's, and that of the successor's containers
    data["incidents"] = [incident("C", "2015-08-01", "mass_petition", responsible_unit="X")]
    result = run(data, 2015)
    assert "village_petitions" in result["X"].to_dict()["failed"]
    assert "township_petitions" in result["T2"].to_dict()["failed"]
    assert "township_petitions" not in result["T"].to_dict()["failed"]


def test_the_latest_name_of_the_year_is_shown() -> None:
    names = (("2015-02-01", "新名"), ("2015-08-01", 'a"b\\n'))
    changes = [("E", day, "renamed", name) for day, name in names]
    data = county(("E", "enterprise", "T"), changes=changes)
    data["units"][-1]["name"] = "旧名"
    shown = [run(data, y).explain("E").to_dict()["unit"]["name"] for y in (2014, 2015, 2016)]
    assert shown == ["旧名", 'a"b\\n', 'a"b\\n']


@pytest.mark.parametrize(
    ("units", "changes", "place"),
    [
        ((("E", "enterprise", "T", "2015-01-01", "2015-01-01"),), (), "closed"),
        (
            (("K", "compound", "T", "2015-01-01"), ("B", "building", "K", "2014-01-01")),
            (),
            "opened",
        ),
        (VILLAGES, (("Z", "2015-01-01", "renamed", "x"),), "unit"),
        (VILLAGES, (("V", "2015-01-01", "rename", "x"),), "change"),
        (VILLAGES, (("V", "2015-01-01", "merged_into", "Z"),), "value"),
        (VILLAGES, (("V", "2015-01-01", "merged_into", "H"),), "value"),
        (VILLAGES, (("V", "2015-01-01", "merged_into", "V"),), "value"),
        (VILLAGES, (("V", "2015-01-01", "moved", "H"),), "value"),
        (VILLAGES, (*MERGER, ("W", "2015-07-01", "merged_into", "V")), "value"),
        (VILLAGES, (*MERGER, ("V", "2015-08-01", "merged_into", "W")), "date"),
        (VILLAGES, (*MERGER, ("V", "2015-08-01", "renamed", "x")), "date"),
        (VILLAGES, (*MERGER, ("G", "2015-08-01", "moved", "V")), "value"),
        (VILLAGES, (*MERGER, *MERGER), "unit"),
        ((("V", "village", "T", "", "2016-01-01"), VILLAGES[1]), MERGER, "date"),
    ],
)
def test_a_register_that_contradicts_itself_is_refused(
    units: Any, changes: Any, place: str
) -> None:
    with pytest.raises(InputError) as caught:
        run(county(*units, changes=changes))
    assert any(p.place.endswith(f" {place}") for p in caught.value.problems)


@given(seeds)
@SOME
def test_a_dated_county_is_judged_as_the_county_of_that_day(seed: int) -> None:
    rng = random.Random(seed)
    data = with_register(random_county(rng), rng, DAYS, ("opened", *EVENTS), POLICY)
    # undated, an incident is where its unit is now
    policy = policy_with(POLICY, [Setting("switch", "moved_incidents", ("with_unit",))])
    dated = run(data, policy=policy)
    try:
        flat = run(flattened(data, "2014-12-31")[0])
    except InputError:  # a closed township leaves its households directly in the county
        reject()
    assert {u: dated.status(u) for u in dated} == {u: flat.status(u) for u in flat}
    assert dated.outcome.attainment == flat.outcome.attainment
    assert {u: set(dated.inside(u)) for u in dated} == {u: set(flat.inside(u)) for u in flat}
    assert {u: dated.units[u].name for u in dated} == {u: flat.units[u].name for u in flat}


@given(seeds)
@SOME
def test_later_changes_do_not_alter_the_report_of_a_past_year(seed: int) -> None:
    rng = random.Random(seed)
    data = random_county(rng)
    later = with_register(data, rng, DAYS[3:], EVENTS, POLICY)
    later["incidents"] = [*later["incidents"], incident(data["units"][0]["id"], "2015-04-04")]
    later["units"] = [
        *later["units"],
        {
            "id": "new",
            "kind": "enterprise",
            "parent": data["units"][0]["id"],
            "opened": "2015-01-01",
        },
    ]

    def said(data: Data) -> str:
        result = run(data)
        texts = [result.explain(u["id"]).text() for u in first["units"]]
        return json.dumps([result.to_dict(), texts], ensure_ascii=False)

    first = data
    assert said(data) == said(later)


def test_the_sample_names_and_parents_follow_the_year() -> None:
    facts = pingan_logic.load_facts(Path("facts/sample-county"))
    first, last = (pingan_logic.evaluate(facts, POLICY, y) for y in (2014, 2016))
    assert first.units["V-04"].name == "枫树村"
    assert last.units["V-04"].name == "枫湾村"
    assert "V-05" in first
    assert "V-05" not in last
    assert "C-07" not in first
    assert "C-07" in last


def test_the_successor_is_accountable_for_what_merged_into_it() -> None:
    serious = {"grade": "major", "liability": "yes"}
    data = county(*VILLAGES, changes=MERGER)
    data["incidents"] = [{**incident("V", "2015-02-02", "mass_incident"), **serious}]
    assert run(data, 2015).outcome.accountable == {"W": ["V2015-02-02"]}


@given(seeds)
@SOME
def test_the_part_of_the_data_that_bears_on_a_unit_follows_its_changes(seed: int) -> None:
    rng = random.Random(seed)
    whole = run(with_register(random_county(rng), rng, DAYS, ("opened", *EVENTS), POLICY))
    for unit in rng.sample(list(whole), min(3, len(whole))):
        part = pingan_logic.evaluate(slice_facts(whole.facts, POLICY, unit), POLICY, 2014)
        assert part.status(unit) is whole.status(unit)
        assert [f.status for f in part[unit].findings] == [f.status for f in whole[unit].findings]


def test_what_changed_between_years_without_a_row_is_named_and_its_row_offered(
    tmp_path: Path,
) -> None:
    last = county(*VILLAGES, ("E", "enterprise", "V"), ("F", "enterprise", "V"))
    this = county(*VILLAGES[:2], ("H", "household", "W"), ("G", "household", "W"),
                  ("F", "enterprise", "V"), ("N", "enterprise", "V"),
                  ("O", "enterprise", "V", "2016-05-05"),
                  changes=(("F", "2016-03-03", "moved", "W"),))  # fmt: skip
    last["units"][2]["name"], this["units"][2]["name"] = "旧名", "新名"
    for name, data in (("last", last), ("this", this)):
        (tmp_path / f"{name}.json").write_text(json.dumps(data), encoding="utf-8")
    compared = ["check", "this.json", "--since", "last.json"]
    told = json.loads(command(*compared, "--json", cwd=tmp_path).stdout)["since"]
    assert [(g["unit"], g["change"], g["before"], g["after"]) for g in told] == [
        ("E", "went", "V", None),
        ("H", "moved", "V", "W"),
        ("N", "came", None, "V"),
        ("V", "renamed", "旧名", "新名"),
    ]
    done = command(*compared, cwd=tmp_path)
    assert done.returncode == 0
    assert "2016-12-31的名册有4处变化没有登记" in done.stdout
    assert "H,,moved,W\nV,,renamed,新名\n" in done.stdout
    # with the rows that are offered, and what they keep, nothing is left to say
    this["units"] = [*last["units"], *this["units"][-2:]]
    this["units"][-2]["opened"] = "2016-01-01"
    this["units"][-4]["closed"] = "2016-02-02"
    assert this["units"][-4]["id"] == "E"
    this["changes"] += [
        {"unit": "H", "date": "2016-01-05", "change": "moved", "value": "W"},
        {"unit": "V", "date": "2016-01-05", "change": "renamed", "value": "新名"},
    ]
    (tmp_path / "this.json").write_text(json.dumps(this), encoding="utf-8")
    done = command(*compared, cwd=tmp_path)
    assert "没有未登记的变化" in done.stdout, done.stdout + done.stderr
    english = command(*compared, "--lang", "en", cwd=tmp_path).stdout
    assert "No unrecorded change in the register of 2016-12-31" in english


def test_the_container_that_merged_explains_where_its_members_are() -> None:
    last, this = county(*VILLAGES), county(*VILLAGES, changes=MERGER)
    this["units"] = [{**u, "parent": "W"} if u["id"] == "H" else u for u in this["units"]]
    earlier, later = (read_document(d, "data", POLICY) for d in (last, this))
    assert unrecorded(earlier, later, POLICY)[1] == []
