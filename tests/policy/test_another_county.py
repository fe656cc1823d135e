"""The guide `docs/rules/another-notice.md` is followed as written; it works without Python."""

from __future__ import annotations

import re
import shlex
from datetime import date
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner

import pingan_logic
from pingan_logic import Facts, Policy, RequestError, evaluate
from pingan_logic.answers import ANSWERS, DEFINITIONS
from pingan_logic.certificate import certificate
from pingan_logic.cli import main
from pingan_logic.lint import lint
from pingan_logic.model import Incident, Ledger, Unit, Value
from pingan_logic.policy.new import new_policy
from pingan_logic.policy.params import policy_params
from pingan_logic.recheck import checker
from pingan_logic.rules.find import base_folder
from pingan_logic.solving.load_policy import load_policy

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "rules" / "another-notice.md").read_text(encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "linjiang-2020"
    new_policy(made)
    return made


def test_the_guide_shows_the_files_that_are_made(folder: Path) -> None:
    assert "policy new linjiang-2020" in GUIDE
    blocks = re.findall(r"文件 `([^`]+)`：\n\n```\w+\n(.*?)```\n", GUIDE, re.DOTALL)
    shown = dict(blocks)
    made = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    assert made == {*shown, "version.txt"}
    for name, text in shown.items():
        assert (folder / name).read_text(encoding="utf-8") == text
    with pytest.raises(RequestError):
        new_policy(folder)
    with pytest.raises(RequestError):
        new_policy(folder.parent / "xiangyin-2014")


def test_the_parameters_are_all_listed_with_their_places(policy: Policy) -> None:
    found = policy_params(policy)
    settings = {p.name: p.value for p in found}
    assert {c for c in policy.clauses if f"threshold({c})" in settings} == {
        c.id for c in policy.clauses.values() if c.threshold
    }
    for clause in policy.clauses.values():
        if clause.threshold:
            assert settings[f"threshold({clause.id})"] == clause.threshold
        if clause.pass_mark is not None:
            assert settings[f"pass_mark({clause.id})"] == clause.pass_mark
    assert {k: settings[f"target({k})"] for k in policy.targets} == policy.targets
    assert {k: settings[f"switch({k})"] for k in policy.switches} == policy.switches
    row = found["threshold(village_households)"]
    assert (row.clause, row.source) == ("village_households", "三（四）2")
    line = (policy.folder / row.file).read_text(encoding="utf-8").splitlines()[row.line - 1]
    assert line.startswith("threshold(village_households, 90, 100)")
    assert found["target(village)"].source == "二"
    assert found["ledger_cost(village)"].value == 15
    assert found["switch(repeated)"].words[0].startswith("适用口径")
    schema = {"$defs": {**DEFINITIONS, **ANSWERS}, "$ref": "#/$defs/params"}
    for lang in ("zh", "en"):
        jsonschema.validate(found.to_dict(lang), schema)
        assert found.text(lang).count("\n") == len(found)


def test_a_cost_is_said_in_the_language_that_is_asked_for(folder: Path) -> None:
    for row in policy_params(load_policy(folder)):
        if row.kind == "cost":
            zh, en = row.words
            assert re.search("[\u4e00-\u9fff]", zh)
            assert not re.search("[\u4e00-\u9fff]", en)


SAID = {
    "lint": "没有问题",
    "policy": "没有计入的等级为“较大”及以上的治安案件",
    "audit": "两边对不上的0处",
    "test": "8个通过，0个未通过",
    "verify": "0个不符",
    "template": "已写出 填报表.xlsx",
    "check": "没有问题",
    "evaluate": "达标4，未达标2，待核1",
    "recheck": "核验无误",
    "explain": "实际4/5户，80.0%；要求不低于85%；还差1户",
    "fix": "不低于80分的，本条达标",
    "margin": "三（一）2 平安家庭户数达85%以上 4/5户 85% 差1户",
    "missing": "得分1份",
    "whatif": "东村（V，村）",
    "programme": "创建活动2020年",
    "report": "",
}
"""What each command of the guide says, with single blanks."""


def test_the_guide_is_followed_command_by_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From `policy new` to the report, on the data that the guide shows."""
    monkeypatch.chdir(tmp_path)
    for name, text in re.findall(r"数据 `([^`]+)`：\n\n```csv\n(.*?)```\n", GUIDE, re.DOTALL):
        Path(name).parent.mkdir(exist_ok=True)
        Path(name).write_text(text, encoding="utf-8")
    commands = re.findall(r"^pingan (.+)$", GUIDE, re.MULTILINE)
    assert commands[0] == "policy new linjiang-2020"
    assert {c.split()[0] for c in commands} == SAID.keys()
    for command in commands:
        words = shlex.split(command)
        done = CliRunner().invoke(main, words)
        assert done.exit_code == 0, (command, done.output)
        assert not re.search("湘阴|乡镇|楼栋|小区|三年", done.output), (command, done.output)
        if words[:2] != ["policy", "new"]:
            assert SAID[words[0]] in re.sub("[ \n]+", " ", done.output), (command, done.output)
    for name in ("报告.html", "名单.xlsx", "公示稿.docx", "填报表.xlsx", "凭证.jsonl"):
        assert Path(name).stat().st_size > 0


def rules_under(title: str) -> str:
    """Return the rules that a section of the guide shows."""
    rules = re.search(r"```prolog\n(.*?)```", GUIDE.partition(f"## {title}")[2], re.DOTALL)
    assert rules is not None
    return rules[1]


def test_the_clauses_over_values_of_the_guide_are_judged(folder: Path, tmp_path: Path) -> None:
    (folder / "measured.lp").write_text(rules_under("十、"), encoding="utf-8")
    assert lint(folder) == []
    policy = load_policy(folder)
    values = [("M", "sales", 200000), ("M", "post", "yes"), ("N", "sales", 199999)]
    facts = Facts(
        units=tuple(Unit(u, "market") for u in "MN"),
        values=tuple(Value(u, i, 2020, n) for u, i, n in values),
    )
    result = evaluate(facts, policy, 2020)
    assert [result.finding(u, c).status.value for u in "MN" for c in ("market_sales", "market_post")
            ] == ["met", "met", "failed", "undetermined"]  # fmt: skip


def test_the_clause_over_years_of_the_guide_is_judged(folder: Path) -> None:
    prohibits, looks_back = rules_under("十一、").splitlines()
    assert prohibits in (folder / "village.lp").read_text(encoding="utf-8").splitlines()
    (folder / "years.lp").write_text(f"{looks_back}\n", encoding="utf-8")
    policy = load_policy(folder)
    facts = Facts(
        units=tuple(Unit(u, "village") for u in "VWX"),
        incidents=(
            Incident("I1", "V", "criminal_case", date(2018, 1, 1)),
            Incident("I2", "W", "criminal_case", date(2017, 12, 31)),
        ),
        ledgers=tuple(
            Ledger(u, "*", y) for u in "VWX" for y in (2018, 2019, 2020) if (u, y) != ("X", 2018)
        ),
    )
    result = evaluate(facts, policy, 2020)
    assert [result.finding(u, "village_crime").status.value for u in "VWX"] == [
        "failed", "met", "undetermined",
    ]  # fmt: skip


def test_the_levels_of_the_guide_are_judged(folder: Path) -> None:
    (folder / "community.lp").write_text(rules_under("十六、"), encoding="utf-8")
    assert lint(folder) == []
    policy = load_policy(folder)
    facts = Facts(
        units=tuple(Unit(u, "community") for u in "LMNOP"),
        incidents=(
            *(Incident(f"I{u}", u, "gambling", date(2020, 5, 1)) for u in "M"),
            Incident("IO", "O", "criminal_case", date(2020, 5, 1)),
        ),
        ledgers=tuple(
            Ledger(u, t, 2020)
            for u in "LMNOP"
            for t in ("gambling", "criminal_case")
            if (u, t) != ("P", "criminal_case")
        ),
        values=tuple(Value(u, "patrol", 2020, "no" if u == "N" else "yes") for u in "LMNOP"),
    )
    result = evaluate(facts, policy, 2020)
    found = {u: result.outcome.verdicts[u] for u in "LMNOP"}
    assert [tuple(found[u].values()) for u in "LMNOP"] == [
        ("met", "met"), ("met", "failed"), ("failed", "failed"), ("failed", "failed"),
        ("undetermined", "undetermined"),
    ]  # fmt: skip
    assert "达到合格社区" in result.explain("M").text()
    assert "示范社区还缺：三（四）3 示范社区得分70分以上" in result.explain("M").text()
    assert result.fix("M").to_dict()["to_level"] == "community_model"
    assert result.fix("P").plans[0].cost == 15


def test_the_clause_of_parts_of_the_guide_is_judged(folder: Path) -> None:
    (folder / "measured.lp").write_text(rules_under("十、"), encoding="utf-8")
    (folder / "parts.lp").write_text(
        f"%*!\n几项之一 / parts.\n*%\n{rules_under('十二、')}", "utf-8"
    )
    assert lint(folder) == []
    facts = Facts(
        units=tuple(Unit(u, "market") for u in "MNOP"),
        incidents=tuple(Incident(f"I{u}", u, "gambling", date(2020, 5, 1)) for u in "MN"),
        ledgers=tuple(Ledger(u, "*", 2020) for u in "MNO"),
        values=(Value("M", "sales", 2020, 200000), Value("N", "sales", 2020, 199999)),
    )
    result = evaluate(facts, load_policy(folder), 2020)
    assert [result.finding(u, "market_good").status.value for u in "MNOP"] == [
        "met", "failed", "met", "undetermined",
    ]  # fmt: skip


def test_the_rate_of_the_guide_is_judged(folder: Path) -> None:
    (folder / "rates_of_villages.lp").write_text(rules_under("十三、"), encoding="utf-8")
    assert lint(folder) == []
    facts = Facts(
        units=tuple(Unit(u, "village") for u in "VWXY"),
        incidents=tuple(
            Incident(f"I{n}", "VW"[n % 2], "gambling", date(2020, 5, 1)) for n in range(4)
        ),
        ledgers=tuple(Ledger(u, "*", 2020) for u in "VWX"),
        values=tuple(Value(u, "people", 2020, n) for u, n in (("V", 1000), ("W", 1001))),
    )
    result = evaluate(facts, load_policy(folder), 2020)
    assert [result.finding(u, "village_rate").status.value for u in "VWXY"] == [
        "failed", "met", "undetermined", "undetermined",
    ]  # fmt: skip


def test_the_points_of_the_guide_are_counted(folder: Path) -> None:
    (folder / "measured.lp").write_text(rules_under("十、"), encoding="utf-8")
    (folder / "points_of_markets.lp").write_text(rules_under("十四、"), encoding="utf-8")
    assert lint(folder) == []
    facts = Facts(
        units=tuple(Unit(u, "market") for u in "MNOP"),
        incidents=tuple(
            Incident(f"I{n}", "MMNNN"[n], "gambling", date(2020, 5, 1)) for n in range(5)
        ),
        ledgers=tuple(Ledger(u, "*", 2020) for u in "MNO"),
        values=tuple(Value(u, "post", 2020, "yes") for u in "MNP"),
    )
    result = evaluate(facts, load_policy(folder), 2020)
    found = [result.finding(u, "market_points") for u in "MNOP"]
    assert [f.status.value for f in found] == ["met", "failed", "undetermined", "undetermined"]
    assert [f.measured for f in found] == ["80", "75", "60..90", "≤90"]


def test_the_periods_of_the_guide_are_judged(folder: Path) -> None:
    path = folder / "programme.lp"
    kept = [x for x in path.read_text(encoding="utf-8").splitlines() if "_year(" not in x]
    path.write_text("\n".join([*kept, rules_under("十五、")]), encoding="utf-8")
    assert lint(folder) == []
    notice = load_policy(folder)
    days = {"M": date(2018, 6, 30), "N": date(2018, 7, 1), "O": date(2020, 6, 30)}
    facts = Facts(
        units=[Unit(u, "market") for u in days],
        incidents=[Incident(f"I{u}", u, "food_accident", d) for u, d in days.items()],
        ledgers=[Ledger(u, "*", y) for u in days for y in (2016, 2018)],
    )
    said = {2016: ["failed", "met", "met"], 2018: ["met", "failed", "failed"]}
    for year, expected in said.items():
        result = evaluate(facts, notice, year)
        assert [result.finding(u, "market_food").status.value for u in days] == expected
    assert notice.period.said(2018, "zh") == "2018年7月—2020年6月"


def test_the_best_of_the_guide_are_judged(folder: Path) -> None:
    (folder / "measured.lp").write_text(rules_under("十、"), encoding="utf-8")
    (folder / "best_of_markets.lp").write_text(rules_under("十七、"), encoding="utf-8")
    assert lint(folder) == []
    facts = Facts(
        units=[Unit(f"M{n}", "market") for n in range(12)],
        values=[Value(f"M{n}", "sales", 2020, min(n, 10)) for n in range(12)],
    )
    result = evaluate(facts, load_policy(folder), 2020)
    met = [result.finding(f"M{n}", "market_best").status.value == "met" for n in range(12)]
    assert met == [False] * 2 + [True] * 10


def test_the_result_of_the_guide_is_judged(folder: Path) -> None:
    (folder / "before.lp").write_text(rules_under("十八、"), encoding="utf-8")
    assert lint(folder) == []
    facts = Facts(
        units=tuple(Unit(u, "village") for u in "VWX"),
        values=(
            Value("V", "village_before", 2020, "yes"),
            Value("W", "village_before", 2020, "no"),
        ),
    )
    result = evaluate(facts, load_policy(folder), 2020)
    assert [result.finding(u, "village_again").status.value for u in "VWX"] == [
        "met", "failed", "undetermined",
    ]  # fmt: skip


def test_its_verdicts_follow_its_own_thresholds(folder: Path, tmp_path: Path) -> None:
    rows = ["id,kind,name,parent", "V,village,,", "M,market,,V"]
    rows += [f"H{n},household,,V" for n in range(1, 21)]
    data = tmp_path / "data"
    data.mkdir()
    (data / "units.csv").write_text("\n".join(rows), encoding="utf-8")
    (data / "incidents.csv").write_text(
        "id,unit,type,grade,date\n"
        + "".join(f"I{n},H{n},gambling,,2020-05-0{n}\n" for n in range(1, 4)),
        encoding="utf-8",
    )
    (data / "ledgers.csv").write_text("unit,item,year\nV,*,2020\n", encoding="utf-8")
    (data / "scores.csv").write_text("unit,year,score\nM,2020,80\n", encoding="utf-8")
    common = ["--policy", str(folder), "--facts", str(data), "--year", "2020"]
    village = CliRunner().invoke(main, ["explain", "V", *common])
    assert village.exit_code == 0, village.output
    assert "[达标]   三（一）2 平安家庭户数达85%以上" in village.output
    assert "实际17/20户，85.0%" in village.output
    assert village.output.splitlines()[1].endswith("2020年度：达标")
    market = CliRunner().invoke(main, ["explain", "M", *common, "--lang", "en"])
    assert "80" in market.output.partition("annual score of 80 or above")[2]
    assert market.output.splitlines()[0].endswith("2020: met")


DATA = {
    "units.csv": "id,kind,name,parent\nC,county,临江县,\nV,village,东村,C\nW,village,西村,C\n"
    "M,market,东市场,V\nN,market,县市场,C\n"
    + "".join(f"H{n},household,,V\n" for n in range(1, 21))
    + "".join(f"G{n},household,,W\n" for n in range(1, 11)),
    "incidents.csv": "id,unit,type,grade,date\nI1,H1,gambling,,2020-05-01\n"
    "I2,H2,domestic_violence,,2020-05-01\nI3,H3,gambling,,2020-05-01\nI4,H4,gambling,,2020-05-01\n"
    "I5,W,public_security_case,,2020-03-03\nI6,N,food_accident,,2020-03-04\n",
    "ledgers.csv": "unit,item,year\nV,*,2020\nC,criminal_case,2020\nN,*,2020\n",
    "scores.csv": "unit,year,score\nM,2020,79.5\nN,2020,90\n",
}
ASKED = [
    ("explain V", "实际16/20户，80.0%；要求不低于85%；还差1户"),
    ("explain W", "缺台账：家庭暴力、赌博、涉毒"),
    ("explain C", "市场 2 0 2"),
    ("fix V", "还差1户，可以整改0户；其余4户不能整改"),
    ("fix W", "整改方案：3项措施，工作量44。已证明没有工作量更小的方案。"),
    ("fix M", "年度考评得分79.5分，须达到80分（差0.5分）"),
    ("fix N", "已经发生，不能撤销：I6（2020-03-04，食品安全事故，县市场（N））"),
    ("margin W", "差9户"),
    ("missing W", "待补记录5份。补齐以后，无论结果如何，都能作出结论。"),
    ("whatif --each-switch", "辖内单位的案事件不计入所在单位：没有影响"),
    ("whatif --set threshold(village_households)=80/100", "东村"),
    ("evaluate", "达标16，未达标7，待核11"),
    ("programme --list", "市场 2 0 2 0 0.0% 无目标"),
    ("report --out r.html", "r.html"),
    ("report --out r.xlsx", "r.xlsx"),
    ("report --public --out 公示.docx", "公示.docx"),
    ("evaluate --certificate c.jsonl", "达标16，未达标7，待核11"),
]
"""What is asked of the county's data, and what the answer says."""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder to stand in, with the county's `data`."""
    (tmp_path / "data").mkdir()
    for name, text in DATA.items():
        (tmp_path / "data" / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_every_question_is_answered_about_it(folder: Path, here: Path) -> None:
    """Rightly, and without a word of the shipped notice."""

    def ask(command: str, *more: str) -> str:
        done = CliRunner().invoke(main, [*command.split(), "--policy", folder.name, *more])
        assert done.exit_code == 0, (command, done.output)
        assert not re.search("湘阴|乡镇|楼栋|小区|三年", done.output), (command, done.output)
        return re.sub(" +", " ", done.output)

    for command, said in ASKED:
        assert said in ask(command, "--facts", "data"), command
    assert "核验无误" in ask("recheck c.jsonl", "--facts", "data")
    assert "没有问题" in ask("check data")
    assert "没有问题" in ask("lint")
    assert "两边对不上的0处" in ask("audit")
    assert "8个通过，0个未通过" in ask("test")
    assert "已写出 t.xlsx" in ask("template t.xlsx")
    page = (here / "r.html").read_text(encoding="utf-8")
    assert "临江县2020年度平安临江创建报告" in page
    assert not re.search("湘阴|乡镇|楼栋|小区", page)


def test_a_share_counts_units_of_two_kinds_together(folder: Path, here: Path) -> None:
    with (folder / "village.lp").open("a", encoding="utf-8") as file:
        file.write("members(village_households, market).\n")
    for question, *said in (
        (
            "explain",
            "实际16/21个，76.2%；要求不低于85%；还差2个",
            "家庭、市场5个：H1、H2、H3、H4、M",
        ),
        ("fix", "还差2个，可以整改0个；其余5个不能整改", "三（三）2 年度考评得分80分以上1个"),
        ("margin", "16/21个", "差2个"),
    ):
        asked = [question, "V", "--facts", "data", "--policy", folder.name]
        done = CliRunner().invoke(main, asked)
        assert done.exit_code == 0, done.output
        assert all(text in done.output for text in said), done.output


def test_what_a_notice_need_not_have(folder: Path, here: Path) -> None:
    """Neither counted lists, nor titles, grades, roles or targets; a kind may only contain."""
    left_out = "list_of|title|grade\\(|role|body|target|top_level"
    for path in folder.glob("*.lp"):
        kept = re.sub(f"^({left_out}).*\n", "", path.read_text(encoding="utf-8"), flags=re.M)
        path.write_text(kept.replace("at_least(large)", "any"), encoding="utf-8")
    notice = folder / "notice.md"
    counted = re.sub("“.无”：", "", notice.read_text(encoding="utf-8"))
    notice.write_text(counted, encoding="utf-8")
    for question, said in (
        ("explain V", "实际16/20户"),
        ("explain C", "村 2 0 2"),
        ("fix W", "已经发生，不能撤销：I5（2020-03-03，治安案件，西村（W））"),
        ("missing W", "未达标"),
        ("programme --list", "无目标"),
        ("report --out r.html", "r.html"),
        ("template t.xlsx", "已写出"),
    ):
        data = [] if question.startswith("template") else ["--facts", "data"]
        done = CliRunner().invoke(main, [*question.split(), *data, "--policy", folder.name])
        assert done.exit_code == 0, (question, done.output)
        assert said in re.sub(" +", " ", done.output), (question, done.output)
        assert "不参评" not in done.output


def test_the_checker_alone_is_told_where_the_shared_rules_are(folder: Path, here: Path) -> None:
    policy = load_policy(folder)
    result = pingan_logic.evaluate(
        pingan_logic.load_facts(here / "data", policy), policy, year=2020
    )
    (here / "c.jsonl").write_bytes(b"".join(certificate(result, here / "data")))
    asked = here / "c.jsonl", here / "data", folder
    verified, wrong = checker.recheck(*asked, base=base_folder())
    assert wrong == []
    assert verified[0] == "通知：关于开展平安临江创建活动的通知"
    assert checker.recheck(*asked, base=here)[1]


def test_a_file_of_its_own_stands_in_place_of_a_shared_one(folder: Path) -> None:
    shared = (base_folder() / "common.lp").read_text(encoding="utf-8")
    dropped = "year_over :- asked(year_end).\n"
    assert dropped in shared
    (folder / "common.lp").write_text(shared.replace(dropped, ""), encoding="utf-8")
    assert folder / "common.lp" in load_policy(folder).files
    done = CliRunner().invoke(main, ["verify", "--property=empty_ratio", "--policy", str(folder)])
    assert "提示：规则与自带的 base 有1处不同" in done.output
    assert f"common.lp 少了：`{dropped.strip()}`" in done.output
