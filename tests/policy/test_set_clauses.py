"""How many of the best, and over how many years, as other numbers of clauses are set."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner

from pingan_logic import Facts, Policy, RequestError, evaluate, load_facts, load_policy
from pingan_logic.answers import ANSWERS, DEFINITIONS
from pingan_logic.catalogue import Setting
from pingan_logic.cli import main
from pingan_logic.policy.new import new_policy
from pingan_logic.policy.params import policy_params
from pingan_logic.policy.settings import parse_setting
from pingan_logic.questions.comparison import policy_with
from pingan_logic.rules.find import sample_county
from pingan_logic.server.desk_page import _settings
from tests.policy.test_another_county import rules_under

SET = [
    ("luzhou-2023", "best_of(market_best)=60%", "market.lp",
     "best_of(market_best, 30, 100)", "best_of(market_best, 60, 100)"),
    ("luzhou-2023", "best_of(market_best)=1/2", "market.lp",
     "best_of(market_best, 30, 100)", "best_of(market_best, 1, 2)"),
    ("songping-2022", "looks_back(village_large_fires)=2", "vetoes.lp",
     "looks_back((town_large_fires;village_large_fires;venue_large_fires), fire, 3)",
     "looks_back((town_large_fires;venue_large_fires), fire, 3).\n"
     "looks_back(village_large_fires, fire, 2)"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "file", "old", "new"), SET)
def test_what_is_set_is_judged_as_if_the_rules_said_so(
    name: str, text: str, file: str, old: str, new: str, tmp_path: Path
) -> None:
    policy = load_policy(name)
    facts = load_facts(sample_county(policy.folder), policy)
    written = tmp_path / name
    shutil.copytree(policy.folder, written)
    path = written / file
    rules = path.read_text(encoding="utf-8")
    assert old in rules
    path.write_text(rules.replace(old, new), encoding="utf-8")
    asked = policy_with(policy, [parse_setting(text, policy)])
    found, expected = (evaluate(facts, p) for p in (asked, load_policy(written)))
    assert dict(found.outcome.findings) == dict(expected.outcome.findings)
    assert dict(found.outcome.findings) != dict(evaluate(facts, policy).outcome.findings)


@pytest.fixture
def notice(tmp_path: Path) -> Policy:
    """A notice that takes ten of the best, and looks back over several matters."""
    made = tmp_path / "linjiang-2020"
    new_policy(made)
    (made / "measured.lp").write_text(rules_under("十、"), encoding="utf-8")
    (made / "best_of_markets.lp").write_text(rules_under("十七、"), encoding="utf-8")
    with (made / "village.lp").open("a", encoding="utf-8") as file:
        file.write(
            'prohibits(village_crime, gambling, any, "赌博", "gambling").\n'
            "looks_back(village_crime, criminal_case, 3).\n"
            "looks_back(village_crime, gambling, 5).\n"
        )
    return load_policy(made)


def test_the_values_are_those_of_the_facts(notice: Policy) -> None:
    ten = parse_setting("best_of(market_best)=3", notice)
    assert ten == Setting("best_of", "market_best", (3,), "3")
    assert str(ten) == "best_of(market_best)=3"
    back = parse_setting("looks_back(village_crime)=2", notice)
    assert str(back) == "looks_back(village_crime)=2"
    asked = policy_with(notice, [ten, back])
    assert asked.best["market_best"].number == 3
    assert {p.matter: p.years for p in asked.clauses["village_crime"].prohibitions} == {
        "criminal_case": 2, "gambling": 2,
    }  # fmt: skip
    said = notice_words(notice, "best_of(market_best)=3", "looks_back(village_crime)=2")
    assert "名额由前10名改为前3名" in said[0]
    assert "所看的年数由3、5年改为2年" in said[0]
    assert "the first 3 instead of the first 10" in said[1]
    assert "over 2 years instead of 3, 5" in said[1]


def notice_words(policy: Policy, *settings: str) -> list[str]:
    found = evaluate(Facts(), policy, 2020).whatif(set=settings)
    return [re.sub(r"\s+", " ", found.text(lang)) for lang in ("zh", "en")]


YEARS = "应为 2、3、4、5、6、7、8、9、10 年"


@pytest.mark.parametrize(
    ("text", "said", "near"),
    [
        ("best_of(market_best)=0", "应为前几名的数，1至9999", None),
        ("best_of(market_best)=10%", "应为前几名的数，1至9999", None),
        ("best_of(market_best)=12345", "应为前几名的数，1至9999", None),
        ("best_of(market_bst)=5", "best_of 没有 market_bst", "market_best"),
        ("bests_of(market_best)=5", "应为 threshold、", "best_of"),
        ("market_best=5", "应为 threshold、", "best_of(market_best)=5"),
        ("looks_back(village_crime)=1", YEARS, "10"),
        ("looks_back(village_crime)=11", YEARS, None),
        ("looks_back(village_cases)=3", "looks_back 没有 village_cases", None),
        ("look_back(village_crime)=3", "应为 threshold、", "looks_back"),
    ],
)
def test_mistakes_are_named_with_what_is_expected(
    notice: Policy, text: str, said: str, near: str | None
) -> None:
    with pytest.raises(RequestError) as error:
        parse_setting(text, notice)
    (problem,) = error.value.problems
    assert said in problem.zh
    if near is not None:
        assert problem.nearest == near


@pytest.mark.parametrize("value", ["0%", "0/5", "5", "6/5", "101%", "1/0"])
def test_a_share_of_the_best_is_a_share(value: str) -> None:
    with pytest.raises(RequestError, match="应为大于0、不大于1的比例"):
        parse_setting(f"best_of(market_best)={value}", load_policy("luzhou-2023"))


def test_over_whole_cycles(notice: Policy) -> None:
    path = notice.folder / "programme.lp"
    kept = [x for x in path.read_text(encoding="utf-8").splitlines() if "_year(" not in x]
    path.write_text("\n".join([*kept, rules_under("十五、")]), encoding="utf-8")
    village = notice.folder / "village.lp"
    text = village.read_text(encoding="utf-8").replace("case, 3)", "case, 4)")
    village.write_text(text.replace("gambling, 5)", "gambling, 4)"), encoding="utf-8")
    cycles = load_policy(notice.folder)
    assert parse_setting("looks_back(village_crime)=6", cycles).said == "6"
    with pytest.raises(RequestError, match="应为 4、6、8、10 年"):
        parse_setting("looks_back(village_crime)=2", cycles)


def test_they_are_listed_with_the_other_numbers(notice: Policy) -> None:
    found = policy_params(notice)
    params = {p.name: p for p in found}
    assert params["best_of(market_best)"].value == 10
    assert params["best_of(market_best)"].source == "三（三）7"
    assert params["looks_back(village_crime)"].value in (3, 5)
    schema = {"$defs": {**DEFINITIONS, **ANSWERS}, "$ref": "#/$defs/params"}
    jsonschema.validate(found.to_dict(), schema)
    tried = {x["setting"]: x["value"] for x in _settings(notice, "zh")}
    assert tried["best_of(market_best)"] == "10"
    assert tried["looks_back(village_crime)"] == "5"
    share = policy_params(load_policy("luzhou-2023"))["best_of(market_best)"]
    assert share.value == (30, 100)


def test_the_command_takes_them() -> None:
    asked = ["whatif", "--policy", "songping-2022", "--set", "looks_back(village_large_fires)=2"]
    done = CliRunner().invoke(main, asked)
    assert done.exit_code == 0, done.output
    assert "所看的年数由3年改为2年" in done.output
