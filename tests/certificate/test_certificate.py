"""Certificates: the same bytes each time, verified by the checker alone; nothing bent gets by."""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import pingan_logic
from pingan_logic import Policy
from pingan_logic.certificate import certificate
from pingan_logic.cli import run
from pingan_logic.export.json_document import to_document
from pingan_logic.recheck import checker
from pingan_logic.rules.find import data_folder
from tests.policies import copy_policy
from tests.worlds import random_county, write_csv

SAMPLE = data_folder("facts") / "sample-county"
RULES = data_folder("policies") / "xiangyin-2014"
Block = dict[str, Any]


def written(lines: list[Block]) -> bytes:
    """Return blocks as a certificate whose seal fits: a forger can make that too."""
    for block in lines[1:]:
        for items in block.values():
            if isinstance(items, list):
                items.sort(key=checker.canonical)
    encoded = [
        json.dumps(x, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() + b"\n"
        for x in lines
    ]
    encoded[1:] = sorted(encoded[1:])
    seal = {
        "header": sha256(encoded[0]).hexdigest(),
        "sha256": sha256(b"".join(encoded)).hexdigest(),
    }
    return b"".join(encoded) + json.dumps(seal, separators=(",", ":")).encode() + b"\n"


def problems(certificate: Path, facts: Path, rules: Path) -> list[str]:
    """Return what the checker finds wrong with a certificate, in Chinese."""
    verified, wrong = checker.recheck(certificate, facts, rules)
    assert bool(verified) == (not wrong)
    return [problem.text("zh") for problem in wrong]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory, policy: Policy) -> Path:
    """Return a folder with a small county's `facts`, its `rules` and its `certificate`."""
    folder = tmp_path_factory.mktemp("small")
    (folder / "facts").mkdir()
    write_csv(random_county(random.Random(210)), folder / "facts")
    copy_policy(folder / "rules", "cases", "properties")
    facts = pingan_logic.load_facts(folder / "facts", policy)
    result = pingan_logic.evaluate(facts, policy, 2014)
    (folder / "certificate").write_bytes(b"".join(certificate(result, folder / "facts")))
    return folder


@pytest.fixture(scope="module")
def lines(small: Path) -> list[Block]:
    """Return the certificate of the small county without its seal."""
    content = (small / "certificate").read_text(encoding="utf-8")
    return [json.loads(x) for x in content.splitlines()][:-1]


@pytest.fixture
def check(small: Path, tmp_path: Path) -> Callable[[list[Block]], list[str]]:
    """Return a function from forged blocks to what the checker says of them."""

    def said(forged: list[Block]) -> list[str]:
        path = tmp_path / "forged"
        path.write_bytes(written(forged))
        return problems(path, small / "facts", small / "rules")

    return said


def copied(lines: list[Block]) -> list[Block]:
    forged: list[Block] = json.loads(json.dumps(lines))
    return forged


def test_the_certificate_verifies(lines: list[Block], check: Callable[..., list[str]]) -> None:
    assert len(lines) > 100
    assert check(lines) == []


def test_it_is_the_same_in_every_process(small: Path, tmp_path: Path) -> None:
    made = []
    for seed in ("1", "2"):
        target = tmp_path / seed
        command = ["evaluate", "-q", "--facts", str(small / "facts"), "--certificate", str(target)]
        subprocess.run(
            [sys.executable, "-m", "pingan_logic", *command],
            env=os.environ | {"PYTHONHASHSEED": seed},
            check=True,
            stdout=subprocess.DEVNULL,
        )
        made.append(target.read_bytes())
    assert made[0] == made[1] == (small / "certificate").read_bytes()
    assert str(small).encode() not in made[0]


def test_every_verdict_and_finding_has_its_derivation(small: Path, lines: list[Block]) -> None:
    facts = pingan_logic.load_facts(small / "facts")
    result = pingan_logic.evaluate(facts, year=2014)
    steps = [s for n in range(len(lines)) for s in ground(lines[n])]
    heads = {head: rests for _, head, *rests in steps}
    speaks = {u: x["unit"] for x in lines for u in x.get("alike", ())}
    assert speaks
    for unit, verdicts in result.outcome.verdicts.items():
        for kind, status in verdicts.items():
            assert f'verdict({kind},"{speaks.get(unit, unit)}",{status})' in heads
    found = {h.split(",")[0].partition("(")[2] for h in heads if h.startswith("finding(")}
    assert found == {c for of in result.outcome.findings.values() for c in of}
    tally = next(h for h in heads if h.startswith("tally(village_households"))
    total, met, open_ = map(int, tally[:-1].split(",")[2:])
    assert heads[tally][2:] == [f"= {total - met - open_}", f"= {open_}"]
    met = next(h for h in heads if re.match(r"verdict\(household,.+,met\)", h))
    assert [r.startswith("not ") for r in heads[met]] == [False, True, True]


def ground(block: Block) -> list[list[str]]:
    """Return the steps of a block for each of its rows, as they are written in rules."""

    def put(text: str, row: list[Any]) -> str:
        return re.sub(
            r"\$(\d+)", lambda m: json.dumps(row[int(m[1]) - 1], ensure_ascii=False), text
        )

    rows, steps = block.get("rows", []), block.get("steps", [])
    return [[put(text, row) for text in step] for row in rows for step in steps]


def about(lines: list[Block], start: str) -> tuple[int, int]:
    """Return the block and the step whose atom starts so."""
    return next(
        (n, m)
        for n, block in enumerate(lines)
        for m, step in enumerate(block.get("steps", []))
        if step[1].startswith(start)
    )


def test_a_missing_verdict_is_named(lines: list[Block], check: Callable[..., list[str]]) -> None:
    forged = copied(lines)
    n, _ = about(forged, "verdict(household,$1,")
    lost = forged[n]["rows"].pop()[0]
    if not forged[n]["rows"]:
        del forged[n]
    said = check(forged)
    assert any(s.startswith(f'verdict(household,"{lost}",') and "凭证缺少" in s for s in said)


def test_an_invented_verdict_is_named(lines: list[Block], check: Callable[..., list[str]]) -> None:
    forged = copied(lines)
    n, _ = about(forged, "verdict(household,$1,")
    forged[n]["rows"].append(["zz-none", *forged[n]["rows"][0][1:]])
    assert any('"zz-none"' in s and "不是规则的实例" in s for s in check(forged))


def test_a_turned_verdict_is_named(lines: list[Block], check: Callable[..., list[str]]) -> None:
    text = json.dumps(copied(lines))
    forged = json.loads(
        re.sub(r"verdict\(village,\$1,(failed|undetermined)\)", "verdict(village,$1,met)", text)
    )
    assert forged != lines
    said = check(forged)
    assert any("verdict(village," in s and "不是规则的实例" in s for s in said)
    assert any(s.startswith("verdict(village,") and "凭证缺少" in s for s in said)


@pytest.mark.no_cover
@pytest.mark.parametrize(
    ("start", "change"),
    [
        ("standard(household", lambda step: step.pop()),
        ("standard(household", lambda step: step.append("not absent($1)")),
        ("standard(household", lambda step: step.reverse()),
        ("verdict(household", lambda step: step.__setitem__(2, "standard(village,$1)")),
        ("verdict(household", lambda step: step.__setitem__(3, step[3].removeprefix("not "))),
        ("verdict(household", lambda step: step.__setitem__(0, "village.lp:1")),
        ("verdict(household", lambda step: step.__setitem__(0, "nowhere.lp:1")),
        ("tally(", lambda step: step.__setitem__(-1, "= 99")),
        ("current(", lambda step: step.__setitem__(3, "year(2013)")),
    ],
)  # fmt: skip
def test_a_forged_derivation_is_named(
    start: str,
    change: Callable[[list[str]], Any],
    lines: list[Block],
    check: Callable[..., list[str]],
) -> None:
    forged = copied(lines)
    n, m = about(forged, start)
    change(forged[n]["steps"][m])
    assert forged != lines
    assert any("不是规则的实例" in s for s in check(forged))


def test_permuted_rules_are_named(lines: list[Block], check: Callable[..., list[str]]) -> None:
    forged = copied(lines)
    n, m = about(forged, "verdict(")
    k, o = about(forged, "standard(")
    one, other = forged[n]["steps"][m], forged[k]["steps"][o]
    one[0], other[0] = other[0], one[0]
    said = [s for s in check(forged) if "不是规则的实例" in s]
    assert any("verdict(" in s for s in said)
    assert any("standard(" in s for s in said)


def test_a_step_left_out_is_named(lines: list[Block], check: Callable[..., list[str]]) -> None:
    forged = copied(lines)
    n, m = about(forged, "standard(household")
    del forged[n]["steps"][m]
    assert any(s.startswith("standard(household,") and "没有推导" in s for s in check(forged))


HOSTILE = [
    b"", b"\n", b"{}\n", b"[]\n[]\n", b"null\nnull\n", b"\xff\xfe\n", b"{" * 100000 + b"\n",
    b'{"rows":1,"steps":[]}\n{}\n', b'{"a":[1]}\n{"rows":[[1]],"steps":[[1,2]]}\n{}\n',
    b'{"rows":[["$9"]],"steps":[["a","$5"]]}\n{"rows":[[]],"steps":[["a","$1"]]}\n{}\n',
]  # fmt: skip


@pytest.mark.parametrize("content", HOSTILE)
def test_what_is_no_certificate_never_verifies(
    content: bytes, small: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "hostile"
    path.write_bytes(content)
    with pytest.raises(SystemExit) as stop:
        run(
            [
                "recheck",
                str(path),
                "--facts",
                str(small / "facts"),
                "--policy",
                str(small / "rules"),
            ]
        )
    assert stop.value.code in (1, 2)
    assert "核验无误" not in capsys.readouterr().out


MUTATION = settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.mark.no_cover
@MUTATION
@given(data=st.data())
def test_any_changed_byte_of_a_certificate_is_found(
    data: st.DataObject, small: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    content = (small / "certificate").read_bytes()
    at = data.draw(st.integers(0, len(content) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda b: b != content[at]))
    path = tmp_path_factory.mktemp("mutant") / "certificate"
    path.write_bytes(content[:at] + bytes([byte]) + content[at + 1 :])
    line = content.count(b"\n", 0, at) + 1
    wrong = problems(path, small / "facts", small / "rules")
    last = content.count(b"\n")
    # the seal tells of every byte before it, and a line that is not of the format of itself
    assert any(s.startswith((f"凭证第{last}行", f"凭证第{line}行")) for s in wrong)


@pytest.mark.no_cover
@MUTATION
@given(data=st.data())
def test_any_changed_byte_of_data_or_rules_is_found_and_named(
    data: st.DataObject, small: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("mutant")
    for name in ("facts", "rules"):
        shutil.copytree(small / name, folder / name)
    files = [*(folder / "facts").glob("*.csv"), *(folder / "rules").glob("*.lp")]
    path = data.draw(st.sampled_from(sorted([*files, folder / "rules" / "notice.md"])))
    content = path.read_bytes()
    at = data.draw(st.integers(0, len(content) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda b: b != content[at]))
    path.write_bytes(content[:at] + bytes([byte]) + content[at + 1 :])
    try:
        wrong = problems(small / "certificate", folder / "facts", folder / "rules")
    except checker.Unreadable as error:
        wrong = [problem.text("zh") for problem in error.problems]
    assert any(path.name in said for said in wrong)


@pytest.mark.no_cover
@settings(max_examples=4, deadline=None)
@given(seed=st.integers(0, 10**6))
@example(seed=150)  # a ledger on record twice
def test_certificates_of_random_counties_verify(
    seed: int, policy: Policy, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("county")
    write_csv(random_county(random.Random(seed)), folder)
    result = pingan_logic.evaluate(pingan_logic.load_facts(folder, policy), policy, 2014)
    path = folder / "certificate"
    path.write_bytes(b"".join(certificate(result, folder)))
    assert problems(path, folder, RULES) == []


@pytest.mark.no_cover
def test_the_sample_with_its_changes_of_units_verifies(tmp_path: Path) -> None:
    path = tmp_path / "certificate"
    for arguments in (["--year", "2016"], ["--year", "2016", "--as-of", "2016-06-30"]):
        evaluate = ["evaluate", "-q", "--facts", str(SAMPLE), "--certificate", str(path)]
        path.unlink(missing_ok=True)
        with pytest.raises(SystemExit) as stop:
            run([*evaluate, *arguments])
        assert stop.value.code == 0
        assert problems(path, SAMPLE, RULES) == []


ALONE = """
import runpy, sys

class OnlyPython:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] not in sys.stdlib_module_names:
            raise ImportError(f"{name} is not part of Python")

sys.meta_path.insert(0, OnlyPython())
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


def alone(*arguments: object, **limits: str) -> subprocess.CompletedProcess[str]:
    """Run the checker's file by itself, where nothing but Python can be imported."""
    return subprocess.run(
        [sys.executable, "-I", "-S", "-c", ALONE, checker.__file__, *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={"PYTHONIOENCODING": "utf-8", **limits},
        check=False,
    )


def test_the_checker_runs_alone(small: Path, tmp_path: Path) -> None:
    where = ["--facts", small / "facts", "--policy", small / "rules"]
    good = alone(small / "certificate", *where)
    assert (good.returncode, good.stderr) == (0, "")
    said = good.stdout.splitlines()
    assert said[0] == "通知：关于深入开展平安湘阴系列创建活动的通知"
    assert said[-1] == "核验无误"
    assert "年度：2014" in said
    assert any(line.startswith("  家庭：达标") for line in said)
    shutil.copytree(small / "facts", tmp_path / "facts")
    with (tmp_path / "facts" / "units.csv").open("a", encoding="utf-8") as out:
        columns = len((small / "facts" / "units.csv").read_text("utf-8").split("\n")[0].split(","))
        out.write("H-new,household,新" + "," * (columns - 3) + "\n")
    bad = alone(small / "certificate", *where[2:], "--facts", tmp_path / "facts", "--lang", "en")
    assert bad.returncode == 1
    assert "data: units.csv is not what the certificate says" in bad.stdout
    assert 'verdict(household,"H-new",undetermined): the certificate lacks it' in bad.stdout
    assert alone(small / "none", *where).returncode == 2
    assert alone(small / "certificate").returncode == 2


@pytest.mark.parametrize(
    ("rule", "limit"),
    [
        ("n(0). n(N+1) :- n(N), N < 1000000000. absent(U) :- unit(_,U), n(-1).",
         {"PINGAN_MAX_TIME": "2"}),
        ("n(1..1000000000). absent(U) :- unit(_,U), n(-1).", {"PINGAN_MAX_MEMORY": "500"}),
    ],
)  # fmt: skip
def test_the_checker_keeps_to_limits_by_itself(
    rule: str, limit: dict[str, str], small: Path, tmp_path: Path
) -> None:
    shutil.copytree(small / "rules", tmp_path / "rules")
    (tmp_path / "rules" / "endless.lp").write_text(rule, encoding="utf-8")
    where = ["--facts", small / "facts", "--policy", tmp_path / "rules"]
    ended = alone(small / "certificate", *where, **limit)
    assert ended.returncode == 3, ended
    assert ended.stdout.startswith("超出时间或内存上限，没有核验 / over the limit")


def test_a_workbook_is_rechecked_by_what_it_says(
    small: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book, path, folder = tmp_path / "台账.xlsx", tmp_path / "certificate", tmp_path / "csv"
    rules = ["--policy", str(small / "rules")]

    def call(*arguments: str) -> tuple[object, str]:
        with pytest.raises(SystemExit) as stop:
            run(list(arguments))
        out, err = capsys.readouterr()
        return stop.value.code, out + err

    assert call("convert", "-q", str(small / "facts"), str(book))[0] == 0
    assert call("evaluate", "-q", "--facts", str(book), "--certificate", str(path), *rules)[0] == 0
    header = json.loads(path.read_text(encoding="utf-8").splitlines()[0])
    assert header["source"]["台账.xlsx"] == sha256(book.read_bytes()).hexdigest()
    code, said = call("recheck", str(path), "--facts", str(book), *rules)
    assert (code, "convert" in said) == (2, True)
    assert call("convert", "-q", str(book), str(folder))[0] == 0
    code, said = call("recheck", str(path), "--facts", str(folder), *rules)
    assert code == 0
    assert (
        f"原始文件 台账.xlsx 未直接核验，它的 sha256 应为 {header['source']['台账.xlsx']}" in said
    )
    units = folder / "units.csv"
    canonical = units.read_text(encoding="utf-8")
    units.write_text(canonical.replace(",household,", ",家庭,"), encoding="utf-8")
    code, said = call("recheck", str(path), "--facts", str(folder), *rules)
    assert (code, f"先运行 pingan convert {folder} 规范数据" in said) == (2, True), said
    units.write_text(canonical, encoding="utf-8")
    (folder / "scores.csv").unlink()
    code, said = call("recheck", str(path), "--facts", str(folder), "--lang", "en", *rules)
    assert (code, "facts: facts is not what the certificate says" in said) == (1, True)


def test_a_json_document_is_rechecked_itself(small: Path, tmp_path: Path, policy: Policy) -> None:
    path = tmp_path / "data.json"
    path.write_text(json.dumps(random_county(random.Random(3)), ensure_ascii=False), "utf-8")
    facts = pingan_logic.load_facts(path, policy)
    path.write_text(to_document(facts), encoding="utf-8")
    result = pingan_logic.evaluate(facts, policy, 2014)
    target = tmp_path / "certificate"
    target.write_bytes(b"".join(certificate(result, path)))
    assert f'"data":{{"{path.name}":'.encode() in target.read_bytes()
    assert problems(target, path, RULES) == []


def test_without_a_file_the_facts_are_hashed(small: Path, tmp_path: Path, policy: Policy) -> None:
    result = pingan_logic.evaluate(pingan_logic.load_facts(small / "facts", policy), policy, 2014)
    target = tmp_path / "certificate"
    target.write_bytes(b"".join(certificate(result)))
    assert b'"units.csv"' not in target.read_bytes()
    assert problems(target, small / "facts", small / "rules") == []


OWN = {
    "a :- unit(_,U) : judged(household).": "own.lp:1",
    "#show a/1.\na(U) :- unit(_,U).": "own.lp:1",
}


@pytest.mark.parametrize("rule", list(OWN))
def test_rules_that_nobody_could_recheck_get_no_certificate(
    rule: str, small: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "rules"
    shutil.copytree(small / "rules", folder)
    (folder / "own.lp").write_text(rule, encoding="utf-8")
    command = ["evaluate", "--facts", str(small / "facts"), "--policy", str(folder)]
    with pytest.raises(SystemExit) as stop:
        run([*command, "--certificate", str(tmp_path / "certificate")])
    assert stop.value.code == 2
    assert OWN[rule] in capsys.readouterr().err
    assert not (tmp_path / "certificate").exists()


def test_rules_that_look_at_counts_are_certified_unit_by_unit(small: Path, tmp_path: Path) -> None:
    folder = tmp_path / "rules"
    shutil.copytree(small / "rules", folder)
    (folder / "own.lp").write_text(
        "accountable(U,I) :- standard(household,U), counts(U,_,_), inside(U,A), "
        "incident(I,A,_,_,_,_).\n",
        encoding="utf-8",
    )
    policy = pingan_logic.load_policy(folder)
    result = pingan_logic.evaluate(pingan_logic.load_facts(SAMPLE, policy), policy, 2016)
    assert any(result.units[u].kind == "household" for u in result.outcome.accountable)
    target = tmp_path / "certificate"
    target.write_bytes(b"".join(certificate(result, SAMPLE)))
    assert problems(target, SAMPLE, folder) == []
