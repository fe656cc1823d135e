"""Units judged by levels, against all completions of small worlds, and asked everything."""

from __future__ import annotations

import random
import shutil
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from pingan_logic import (
    Facts,
    InputError,
    Policy,
    PolicyError,
    Status,
    evaluate,
    load_facts,
    load_policy,
    programme,
)  # fmt: skip
from pingan_logic.audit import audit
from pingan_logic.lint import lint
from pingan_logic.model import Unit
from pingan_logic.policy.sentences import sentences
from pingan_logic.questions.edits import apply
from pingan_logic.questions.fix import find_remedy
from pingan_logic.questions.level_asked import reaches
from pingan_logic.questions.margin import find_margin
from pingan_logic.questions.missing import find_missing
from pingan_logic.rules.find import base_folder
from tests import levels
from tests.counted import TYPES
from tests.levels import LEVELS, YEAR, World, random_world
from tests.one_standard import (
    ask_everything,
    certified,
    changed,
    notice_fixtures,
    proven_unless,
    refused,
    side_by_side,
    together,
    told,
    write_csv,
)

EVERY = frozenset(TYPES)


folder, notice = notice_fixtures(levels.folder)


def world(sales: int | None, stars: int | None, post: int | None = 0, **more: object) -> World:
    happened, ledgers = more.get("happened", ()), more.get("ledgers", EVERY)
    return World({"sales": sales, "stars": stars, "post": post}, happened, ledgers)  # type: ignore[arg-type]


def test_each_level_is_as_all_completions_say(notice: Policy) -> None:
    rng = random.Random(1)
    worlds = [random_world(rng) for _ in range(600)]
    result = evaluate(side_by_side(worlds), notice, YEAR)
    seen = Counter[str]()
    for n, w in enumerate(worlds):
        found, expected = result.outcome.verdicts[f"w{n}M"], w.statuses()
        assert found == expected, w
        reached = [k for k in LEVELS if expected[k] == "met"]
        here = result[f"w{n}M"]
        assert here.levels is not None
        assert here.levels.reached == (reached[-1] if reached else None)
        assert here.levels.above == next((k for k in LEVELS if expected[k] != "met"), None)
        assert here.status.value == expected["shop_good"], "never not met at some level"
        seen.update(f"{k} {s}" for k, s in found.items())
        seen[f"at {here.levels.reached}"] += 1
    assert min(seen[f"{k} {s}"] for k in LEVELS for s in ("met", "failed", "undetermined")) >= 15
    assert min(seen[f"at {k}"] for k in (None, *LEVELS)) >= 10


def test_the_marks_are_exact(notice: Policy) -> None:
    """One below, at and above each mark, with the same points against another at each level."""
    worlds = {n: world(n % 2 + 2 * (n >= 3), (n - n % 2 - 2 * (n >= 3)) // 2) for n in range(1, 8)}
    assert [w.points() for w in worlds.values()] == list(worlds)
    result = evaluate(together(w.facts(str(n)) for n, w in worlds.items()), notice, YEAR)
    found = [result.outcome.at_level.get(f"{n}M") for n, w in worlds.items()]
    known = {0: None, **dict(enumerate(LEVELS, 1))}
    assert found == [known[w.reached()] for w in worlds.values()]
    assert {worlds[n].fulfils("shop_model") for n in (3, 4, 5)} == {False, True}
    assert {n: result.finding(f"{n}M", "top_points").status for n in (5, 6, 7)} == {
        5: Status.FAILED, 6: Status.MET, 7: Status.MET
    }  # fmt: skip


def test_a_share_counts_who_reaches_a_level_or_a_higher(notice: Policy) -> None:
    rng = random.Random(3)
    seen = Counter[str]()
    data, expected = [], {}
    for n in range(150):
        shops = [random_world(rng) for _ in range(rng.randint(1, 4))]
        data.append(Facts(units=[Unit(f"V{n}", "village")]))
        data += [w.facts(f"V{n}-{k}", f"V{n}") for k, w in enumerate(shops)]
        said = Counter(w.statuses()["shop_model"] for w in shops)
        low, high = said["met"], said["met"] + said["undetermined"]
        met, lost = 2 * low >= len(shops), 2 * high < len(shops)
        expected[f"V{n}"] = "met" if met else "failed" if lost else "undetermined"
    result = evaluate(together(data), notice, YEAR)
    for village, status in expected.items():
        assert result.status(village).value == status
        seen[status] += 1
    assert min(seen[s.value] for s in Status) >= 15


def test_the_remedy_to_each_level_is_the_least_of_all_edits(notice: Policy) -> None:
    rng = random.Random(12)
    seen = Counter[str]()
    for n in range(60):
        w, open_year, level = random_world(rng, 1), n % 2 == 0, LEVELS[n // 2 % 4]
        day = date(YEAR, 12, 30) if open_year else None
        result = evaluate(w.facts(), notice, YEAR, as_of=day)
        answer = find_remedy(result, "M", level=n // 2 % 4 + 1 if n % 3 else level)
        assert answer.level == level
        found = 0 if answer.met else None
        if answer.plans:
            found = answer.plans[0].cost
            after = evaluate(apply(result.facts, answer.plans[0].changes, YEAR), notice, YEAR)
            assert reaches(after, "M", level)
            seen.update(c.action for c in answer.plans[0].changes)
        assert answer.proven
        assert found == w.cheapest(level, open_year=open_year), (w, level, open_year)
        seen["plan" if answer.plans else "none"] += 1
    assert min(seen[a] for a in ("ledger", "value", "record_value", "none")) >= 2


def test_the_records_needed_are_the_fewest(notice: Policy) -> None:
    rng = random.Random(7)
    seen = Counter[str]()
    while seen["asked"] < 40:
        w = random_world(rng, 1)
        if w.decided():
            continue
        answer = find_missing(evaluate(w.facts(), notice, YEAR), "M")
        assert answer.proven
        assert answer.unsettled == ()
        assert len(answer.records) == w.fewest(), w
        seen["asked"] += 1
        seen.update(r.kind for r in answer.records)
        seen[answer.status.value] += 1
    assert min(seen[k] for k in ("ledger", "value", "met", "undetermined")) >= 2


def test_the_margin_is_how_many_may_lose_the_level(notice: Policy) -> None:
    top, good = world(3, 2), world(1, 0)
    for at_top, low in ((2, 2), (3, 1), (4, 0), (1, 1)):
        shops = [top] * at_top + [good] * low
        data = [w.facts(f"{n}", "V") for n, w in enumerate(shops)]
        facts = together([Facts(units=[Unit("V", "village")]), *data])
        found = find_margin(evaluate(facts, notice, YEAR), "V")
        (loss,) = found.losses
        assert loss.kind == "shop_model"
        assert loss.spare == at_top - -(-len(shops) // 2)
        assert found.distances[0].spare == loss.spare
        if loss.spare == 0:
            assert found.cascade is not None
            assert found.cascade.falls == ("V",)


ASKED = [
    ("explain mM", "达到合格商店", "reaches qualified shop"),
    ("explain mM", "示范商店还缺：三（三）1 营业额每万元1分", "Lacking for model shop"),
    ("explain nM", "达到特色商店", "reaches special shop"),
    ("explain oM", "达到星级商店（特色商店待核）", "reaches star shop (special shop"),
    ("fix mM --level 2 --as-of 2020-12-30", "达到示范商店", "Level to reach: model shop"),
    ("fix mM --level 星级商店 --as-of 2020-12-30", "星级商店", "reaches star shop"),
    ("fix mM --level 1", "已经达到合格商店", "It reaches qualified shop already"),
    ("fix mM", "2020年度已不能达到示范商店", "Can no longer reach model shop for 2020"),
    ("margin nM", "星级商店", "points"),
    ("missing oM", "数值1份", "value: 1"),
    ("whatif --set asks_for(model_points)=3", "达到合格商店→达到示范商店1个", "reaches model shop"),
    ("evaluate", "示范商店", "model shop"),
    ("evaluate --list", "[达到合格商店]", "[reaches qualified shop]"),
    ("evaluate --csv", "达到星级商店（特色商店待核）", "reaches star shop"),
    ("evaluate --kind 示范商店 --status failed", "mM", "mM"),
    ("report --overwrite --posting --out r.docx", "r.docx", "r.docx"),
    ("programme --list", "授牌", "awards"),
]
"""What is asked of three shops, and what the answer says in both languages."""


def test_everything_is_answered(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shops = {"m": world(3, 0), "n": world(0, 2, 1), "o": world(2, 2, None)}
    write_csv(tmp_path / "data", together(w.facts(name) for name, w in shops.items()))
    ask_everything(folder, Path("data"), ASKED)


def test_the_notice_passes_every_check(notice: Policy, folder: Path) -> None:
    assert lint(folder) == []
    untested = "没有检验用例，也没有性质"
    assert [o.words() for o in audit(notice).orphans if o.zh != untested] == []
    said = sentences(notice)
    assert "星级商店（商店的第3级，包含合格商店、示范商店的各条）" in said.text()
    assert "special shop (level 4 of shop)" in said.text("en")
    found = {s.clause: s.said for s in said.found}
    assert found["top_points"][0].startswith("得分不低于6分：")
    assert said.to_dict()["levels"][2] == {
        "standard": "shop_top", "kind": "shop", "rank": 3, "includes": ["shop_good", "shop_model"]
    }  # fmt: skip


def test_met_and_failed_are_proven_and_a_wrong_rule_is_found(folder: Path, tmp_path: Path) -> None:
    old = "attains(k,U)              :- standard(k,U), not some_failed(k,U), not some_open(k,U)."
    new = "attains(k,U)              :- standard(k,U), not some_failed(k,U)."
    assert not proven_unless(folder, tmp_path / "wrong", "levels.lp", old, new).as_expected


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("some_open(k,U)   :- some_open(j,U), standard(k,U).", ""),
        ("some_failed(k,U) :- some_failed(j,U), standard(k,U).", ""),
        ("attains(k,U)    :- attains(j,U).", ""),
        ("may_attain(k,U) :- may_attain(j,U).", ""),
        ("at_level(U,k)   :- attains(k,U), not attains(j,U).", "at_level(U,k) :- attains(k,U)."),
        ("next_level(U,j) :- attains(k,U), not attains(j,U).", "next_level(U,j) :- attains(k,U)."),
        ("overall(U,met)      :- at_level(U,K), not by_another(U).", ""),
    ],
)
def test_a_planted_wrong_rule_is_found(folder: Path, tmp_path: Path, old: str, new: str) -> None:
    """Worlds whose answers are worked out apart from the rules tell each of these."""
    shared = (base_folder() / "levels.lp").read_text(encoding="utf-8")
    assert old in shared
    made = tmp_path / folder.name
    shutil.copytree(folder, made)
    (made / "levels.lp").write_text(shared.replace(old, new), encoding="utf-8")
    rng = random.Random(1)
    worlds = [random_world(rng) for _ in range(200)]
    try:
        result = evaluate(side_by_side(worlds), load_policy(made), YEAR)
        found = [result.outcome.verdicts[f"w{n}M"] for n in range(200)]
        stands = [result[f"w{n}M"].levels for n in range(200)]
    except (PolicyError, IndexError):
        return
    right = [w.statuses() for w in worlds]
    reached = [[k for k in LEVELS if r[k] == "met"] for r in right]
    above = [next((k for k in LEVELS if r[k] != "met"), None) for r in right]
    assert (
        found != right
        or [x and x.reached for x in stands] != [r[-1] if r else None for r in reached]
        or [x and x.above for x in stands] != above
        or any(result.status(f"w{n}M").value != r["shop_good"] for n, r in enumerate(right))
    )


@pytest.mark.parametrize(
    ("old", "new", "defect"),
    [
        ("level(shop, 2, shop_model).", "level(shop, 1, shop_model).", "level_twice"),
        ("level(shop, 2, shop_model).", "", "level_gap"),
        ("level(shop, 1, shop_good).", "level(shop, 0, shop_good).", "level_gap"),
        ("level(shop, 4, shop_own).", "level(shop, 4, shop_own). level(village, 1, shop_own).",
         "level_of_two"),
        ("level(shop, 4, shop_own).", "level(shop, 4, shop).", "no_unit_kind"),
        ('kind(shop_own, "特色商店", "special shop", "家").', "", "没有定义"),
        ('"特色商店", "special shop"', '"星级商店", "special shop"', "level_words"),
        ('"特色商店", "special shop"', '"特色商店", "star shop"', "level_words"),
        ('"特色商店", "special shop"', '"", "special shop"', "level_words"),
        ("includes(shop_model, shop_good).", "includes(shop_good, shop_model).", "included_level"),
        ("includes(shop_model, shop_good).", "includes(shop_model, village).", "included_level"),
        ("clause(own_stars, shop_own,", "clause(own_stars, shop,", "which_level"),
        ("members(village_shops, shop_model)", "members(village_shops, shop)", "verdict"),
        ("target(shop_good, 1, 2)", "target(shop, 1, 2)", "which_level"),
        ("input(post, shop, ", "input(post, shop_own, ", "no_unit_kind"),
        ("ledger_cost(shop, 6)", "ledger_cost(shop_own, 6)", "no_unit_kind"),
        ("points_like(top_points, model_points)", "points_like(top_points, good_sales)",
         "points_like"),
        ("points_like(top_points, model_points)", "points_like(top_points, top_points)",
         "points_like"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_named(
    folder: Path, tmp_path: Path, old: str, new: str, defect: str
) -> None:
    made = changed(folder, tmp_path / "made", ["shop.lp"], old, new)
    assert told(defect) in refused(made, "shop.lp")


def test_the_list_of_a_level_may_stand_in_several_places(folder: Path, tmp_path: Path) -> None:
    end = "settle_cost(gambling, shop, 7).\n"
    for name, fits in (("shop_good", True), ("shop", False)):
        rules = f'{end}list_continues({name}, "三（三）1", "三（三）2").\n'
        made = changed(folder, tmp_path / name, ["shop.lp"], end, rules)
        if fits:
            assert load_policy(made).clauses
        else:
            assert "which_level(list_continues,shop)" in refused(made, "shop.lp")


def test_included_clauses_of_other_places_are_explained(folder: Path, tmp_path: Path) -> None:
    """They stand in a place where the level itself has no clause."""
    own, other = 'shop_good, "三（三）1"', 'shop_good, "四（一）"'
    made = load_policy(changed(folder, tmp_path / "made", ["shop.lp"], own, other))
    result = evaluate(world(1, 0).facts(), made, YEAR)
    for lang, calm in (("zh", "无赌博"), ("en", "no gambling")):
        assert calm in result.explain("M").text(lang)


def test_a_level_without_clauses_is_refused(folder: Path, tmp_path: Path) -> None:
    rules = 'kind(shop_none, "空商店", "empty shop", "家"). level(shop, 5, shop_none).\n'
    end = "settle_cost(gambling, shop, 7).\n"
    made = changed(folder, tmp_path / "made", ["shop.lp"], end, end + rules)
    assert "empty_level(shop_none)" in refused(made, "shop.lp")


def test_a_unit_is_declared_by_its_kind_not_by_a_level(notice: Policy, tmp_path: Path) -> None:
    (tmp_path / "units.csv").write_text("id,kind\nM,shop_model\n", encoding="utf-8")
    with pytest.raises(InputError, match="shop"):
        load_facts(tmp_path, notice)


def test_the_certificate_is_rechecked_and_a_forged_value_is_found(
    folder: Path, notice: Policy, tmp_path: Path
) -> None:
    rng = random.Random(4)
    data = tmp_path / "data"
    worlds = [*(random_world(rng) for _ in range(24)), world(3, 2)]
    write_csv(data, side_by_side(worlds))
    result = evaluate(load_facts(data, notice), notice, YEAR)
    assert {x.levels.reached for _, _, x in result.lines() if x.levels} == {None, *LEVELS}
    wrong = certified(result, data, folder)
    values = (data / "values.csv").read_text(encoding="utf-8")
    (data / "values.csv").write_text(values.replace("w24M,sales,2020,3", "w24M,sales,2020,2"))
    assert any("values.csv" in said for said in wrong())


def test_rosters_hold_a_unit_at_its_highest_level(notice: Policy) -> None:
    shops = [world(3, 0), world(3, 2), world(0, 2, 1), world(0, 0)]
    p = programme(side_by_side(shops), notice, YEAR)
    found = {(r.role, r.kind): r.units for r in p.rosters}
    assert found["awards", "shop_good"] == ("w0M",)
    assert found["awards", "shop_top"] == ("w1M",)
    assert found["awards", "shop_own"] == ("w2M",)
    assert ("awards", "shop_model") not in found
    assert {len(found["assesses", k]) for k in LEVELS} == {4}
    counts = {r.kind: (r.met, r.failed, r.total) for r in p.attainments()}
    assert [counts[k] for k in LEVELS] == [(3, 1, 4), (2, 2, 4), (2, 2, 4), (1, 3, 4)]


def test_units_alike_are_judged_once(notice: Policy) -> None:
    result = evaluate(side_by_side([world(3, 2)] * 9), notice, YEAR)
    assert len(result.outcome.groups.sizes) == 1
    assert {x.levels.reached for _, _, x in result.lines() if x.levels} == {"shop_top"}
