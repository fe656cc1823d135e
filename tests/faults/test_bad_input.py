"""One folder per mistake: the command line names it and answers nothing."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from pingan_logic.cli import run
from tests.policies import copy_policy

CASES = sorted(p for p in (Path(__file__).parents[1] / "bad_input").iterdir() if p.is_dir())


def test_the_corpus_is_not_empty() -> None:
    assert len(CASES) >= 90
    assert all((c / "expected.txt").read_text(encoding="utf-8").strip() for c in CASES)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("case", CASES, ids=[c.name for c in CASES])
def test_bad_input_is_refused_by_name(
    case: Path, lang: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    facts = tmp_path / "facts"
    shutil.copytree(case, facts, ignore=shutil.ignore_patterns("expected.txt", "extra.lp"))
    document = facts / "data.json"
    arguments = [
        "evaluate",
        "--lang",
        lang,
        "--facts",
        str(document if document.exists() else facts),
    ]
    if (case / "extra.lp").exists():
        policy = tmp_path / "policy"
        copy_policy(policy)
        shutil.copy(case / "extra.lp", policy)
        arguments += ["--policy", str(policy)]
    with pytest.raises(SystemExit) as stop:
        run(arguments)
    out, err = capsys.readouterr()
    assert stop.value.code == 2
    assert out == ""
    assert "Traceback" not in err
    if lang == "zh":
        for expected in (case / "expected.txt").read_text(encoding="utf-8").splitlines():
            assert expected in err
    else:
        said = re.sub(r"`[^`]*`", "", err)
        assert not re.search(r"[\u4e00-\u9fff]", said)
