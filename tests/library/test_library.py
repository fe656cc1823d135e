"""The library as other systems use it, and its documented examples."""

from __future__ import annotations

import doctest
import json
import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path

import jsonschema
import pytest

import pingan_logic
from pingan_logic import Facts, Incident, InputError, Ledger, Score, Status, Unit
from pingan_logic.rules.find import data_folder
from pingan_logic.schema import facts_schema
from tests.worlds import random_county, write_csv

SAMPLE = data_folder("facts") / "sample-county"


def test_examples_in_the_docstrings_run() -> None:
    failed, tried = doctest.testmod(pingan_logic)
    assert tried > 0
    assert failed == 0


def test_facts_in_memory_are_judged_and_checked() -> None:
    units = [Unit("B", "building"), Unit("H", "household", parent="B")]
    facts = Facts(units=units, ledgers=[Ledger("B", "*", 2014)])
    result = pingan_logic.evaluate(facts)
    assert result["B"].status is Status.MET
    assert result["B"].findings[-1].measured == "1/1=100.0%"
    assert json.loads(json.dumps(result.explain("B").to_dict()))["status"] == "met"
    bad = Facts(
        units=[*units, Unit('x"y', "household", parent="Z")],
        incidents=[Incident("I", "B", "gamblin", date(2999, 1, 1))],
        scores=[Score("B", 2014, Decimal("100.01"))],
    )
    with pytest.raises(InputError) as caught:
        pingan_logic.evaluate(bad)
    assert len(caught.value.problems) >= 3


def test_csv_and_json_give_the_same_facts(tmp_path: Path) -> None:
    import random

    data = random_county(random.Random(7))
    folder = tmp_path / "county"
    folder.mkdir()
    write_csv(data, folder)
    document = tmp_path / "county.json"
    document.write_text(json.dumps(data, ensure_ascii=False), encoding="gb18030")
    assert pingan_logic.load_facts(folder) == pingan_logic.load_facts(document)


def test_the_schema_is_current_and_accepts_what_is_read() -> None:
    import random

    stored = json.loads(Path("docs/facts.schema.json").read_text(encoding="utf-8"))
    assert stored == facts_schema()
    for seed in range(20):
        jsonschema.validate(random_county(random.Random(seed)), stored)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"units": [{"id": "A"}]}, stored)


def test_the_sample_has_every_status_for_every_kind() -> None:
    result = pingan_logic.evaluate(pingan_logic.load_facts(SAMPLE))
    assert len(result.select("household")) >= 600
    for row in result.summary():
        assert row["met"], row
        assert row["failed"], row
        assert row["undetermined"], row


def test_the_sample_is_what_its_script_writes(tmp_path: Path) -> None:
    import subprocess
    import sys

    script = SAMPLE.parent / "generate_sample.py"
    subprocess.run([sys.executable, str(script), str(tmp_path)], check=True, capture_output=True)
    for path in SAMPLE.glob("*.csv"):
        assert (tmp_path / path.name).read_bytes() == path.read_bytes(), path.name


def test_results_are_printed_in_a_line(policy: pingan_logic.Policy) -> None:
    facts = pingan_logic.load_facts(SAMPLE)
    result = pingan_logic.evaluate(facts, policy, 2016)
    shown = [repr(x) for x in (facts, facts.units, policy, result, result["B-12"])]
    assert shown[0].startswith("<Facts: 907 units, ")
    assert shown[3] == "<Assessment by xiangyin-2014, 2016 up to 2016-12-31: 904 units judged>"
    assert shown[4] == "<UnitAssessment of B-12: failed>"
    assert max(map(len, shown)) <= 120


def test_a_type_checker_takes_lists_of_records(tmp_path: Path) -> None:
    program = tmp_path / "own.py"
    program.write_text(
        "from pingan_logic import Facts, Unit, evaluate\n"
        'facts = Facts(units=[Unit("H", "household")], incidents=())\n'
        'status: str = evaluate(facts, year=2014)["H"].status.value\n',
        encoding="utf-8",
    )
    command = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(tmp_path / "cache")]
    done = subprocess.run([*command, str(program)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
