"""The command line: golden explanations in both languages, formats, usage errors."""

from __future__ import annotations

import csv
import io
import json
import os
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pingan_logic import Policy
from pingan_logic.cli import run
from pingan_logic.cli.csv_text import to_csv
from pingan_logic.intake.csv_tables import escape_formula
from pingan_logic.rules.find import data_folder

GOLDEN = Path(__file__).parents[1] / "golden"
SAMPLE = str(data_folder("facts") / "sample-county")


def call(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as stop:
        run(list(arguments))
    out, err = capsys.readouterr()
    return int(stop.value.code or 0), out, err


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("form", ["txt", "json"])
@pytest.mark.parametrize("unit", ["T-01", "T-02", "T-03", "B-12", "W-01", "S-01", "000000"])
def test_golden_explanations(
    capsys: pytest.CaptureFixture[str], unit: str, form: str, lang: str
) -> None:
    options = ["--json"] if form == "json" else []
    code, out, _ = call(capsys, "explain", unit, "--year", "2014", "--lang", lang, *options)
    assert code == 0
    path = GOLDEN / f"{unit}.{lang}.{form}"
    if os.environ.get("REWRITE_GOLDEN"):
        path.write_text(out, encoding="utf-8")
    assert out == path.read_text(encoding="utf-8")
    if lang == "zh" and form == "txt":
        assert not re.search(r"\b(met|failed|undetermined|household)\b", out)


CELLS = st.text(st.sampled_from("甲a1 =+-@',\"\r\n\t;")) | st.none() | st.integers(-9, 9)


@given(st.lists(st.tuples(CELLS, CELLS, CELLS)))
def test_csv_is_what_the_csv_module_writes(rows: list[tuple[object, ...]]) -> None:
    texts = [["" if cell is None else escape_formula(str(cell)) for cell in row] for row in rows]
    out = io.StringIO()
    csv.writer(out).writerows(texts)
    assert "".join(to_csv(rows)) == f"\ufeff{out.getvalue()}"


def test_names_stay_in_their_cells(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, policy: Policy
) -> None:
    names = ["甲，乙", '"引号"', "=1+1", "'撇", "平常"]
    units = [{"id": f"H-{n}", "kind": "household", "name": name} for n, name in enumerate(names, 1)]
    path = tmp_path / "data.json"
    path.write_text(json.dumps({"units": units}), encoding="utf-8")
    code, out, _ = call(capsys, "evaluate", "--csv=codes", "--year", "2014", "--facts", str(path))
    assert code == 0
    rows = list(csv.DictReader(io.StringIO(out.lstrip("\ufeff"), newline="")))
    assert [(row["id"], row["name"]) for row in rows] == [
        (f"H-{n}", escape_formula(name)) for n, name in enumerate(names, 1)
    ]
    assert {row["undetermined"].count(";") for row in rows} == {
        len(policy.clauses_of("household")) - 1
    }


def test_evaluate_json_text_and_csv_agree(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = call(capsys, "evaluate", "--json")
    assert code == 0
    assert "虚构" in err
    document = json.loads(out)
    assert document["schema"] == 2
    code, out, _ = call(capsys, "evaluate", "--csv=codes", "--facts", SAMPLE)
    assert out.startswith("\ufeffid,kind,name,status,failed,undetermined")
    rows = list(csv.DictReader(io.StringIO(out.lstrip("\ufeff"))))
    assert [(r["id"], r["status"]) for r in rows] == [
        (u["id"], u["status"]) for u in document["units"]
    ]
    code, out, _ = call(capsys, "evaluate", "--csv", "--facts", SAMPLE)
    assert out.startswith("\ufeff编号,类别,名称,结论,未达标条款,待核条款\r\n")
    assert not re.search("[a-z_]{3}", out), "no code in what people read"
    words = list(csv.DictReader(io.StringIO(out.lstrip("\ufeff"))))
    said = {"met": "达标", "failed": "未达标", "undetermined": "待核"}
    assert [(r["编号"], r["结论"]) for r in words] == [(r["id"], said[r["status"]]) for r in rows]
    assert [r["待核条款"].count("；") for r in words] == [
        r["undetermined"].count(";") for r in rows
    ]
    town = next(r for r in words if r["编号"] == "T-02")
    assert town["未达标条款"] == "三（一）4 全年社会管理综合治理工作年度考评得分85分以上"
    _, out, _ = call(capsys, "evaluate", "--csv", "--facts", SAMPLE, "--as-of", "2016-06-30")
    assert out.startswith("\ufeff编号,类别,名称,预评结论,")
    _, out, _ = call(capsys, "evaluate", "--csv", "--facts", SAMPLE, "--lang", "en")
    assert out.startswith("\ufeffid,kind,name,status,clauses not met,clauses undetermined\r\n")
    code, _, err = call(capsys, "evaluate", "--csv=code", "--facts", SAMPLE)
    assert (code, "words、codes" in err) == (2, True)
    for row in document["summary"]:
        assert row["counted"] == row["met"] + row["failed"] + row["undetermined"]
    code, out, _ = call(capsys, "evaluate", "--facts", SAMPLE, "--status", "failed", "--kind",
                        "building")  # fmt: skip
    assert code == 0
    assert "B-12" in out
    assert "[达标]" not in out


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["explain", "B-1222"], "B-12"),
        (["explain"], "缺少参数"),
        (["explan", "B-12"], "explain"),
        (["explain", "B-12", "--fact", "x"], "--facts"),
        (["explain", "B-12", "--facts", "nowhere"], "nowhere"),
        (["explain", "B-12", "--policy", "xiangyin-2015"], "xiangyin-2014"),
        (["explain", "B-12", "--lang", "fr"], "zh、en"),
        (["explain", "B-12", "--year", "2999"], "2999"),
        (["explain", "B-12", "--year", "soon"], "整数"),
        (["explain", "B-12", "--as-of", "soon"], "soon"),
        (["evaluate", "--kind", "schol"], "school"),
        (["evaluate", "--json", "--csv"], "--csv"),
    ],
)
def test_usage_errors_name_the_nearest_choice(
    capsys: pytest.CaptureFixture[str], arguments: list[str], expected: str
) -> None:
    code, out, err = call(capsys, *arguments)
    assert code == 2
    assert out == ""
    assert expected in err
    assert "Traceback" not in err


def test_help_is_in_both_languages(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = call(capsys, "explain", "--help")
    assert code == 0
    assert "用法 Usage" in out
    assert "年度，默认数据中最近一年 / year to judge" in out


def test_every_blocker_is_named_on_request(capsys: pytest.CaptureFixture[str]) -> None:
    _, first, _ = call(capsys, "explain", "T-03", "--facts", SAMPLE)
    _, every, _ = call(capsys, "explain", "T-03", "--facts", SAMPLE, "--all")
    assert "--all" in first
    assert "--all" not in every
    assert len(every) > len(first)
