"""A notice of one standard, made from the one that `policy new` makes, and asked everything."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

import pytest
from click.testing import CliRunner

from pingan_logic import (
    Assessment,
    Facts,
    Policy,
    PolicyError,
    Status,
    Verification,
    evaluate,
    load_policy,
)
from pingan_logic.certificate import certificate
from pingan_logic.cli import main
from pingan_logic.library import verify
from pingan_logic.policy.new import new_policy
from pingan_logic.questions.edits import apply
from pingan_logic.questions.fix import find_remedy
from pingan_logic.recheck import checker
from pingan_logic.rules.find import base_folder

__all__ = [
    "ask_everything", "certified", "changed", "compare_remedies", "notice_fixtures",
    "one_standard", "proven_unless", "refused", "side_by_side", "together", "told",
    "without", "write_csv",
]  # fmt: skip

_TITLE = "关于开展平安临江创建活动的通知"


def one_standard(
    where: Path, kind: str, place: str, title: str, *, standard: str, rules: str, case: str
) -> Path:
    """Write the notice: units of a kind are judged by `rules`, which stand in one paragraph
    `standard` under `place`; without targets and bodies."""
    made = where / "linjiang-2020"
    new_policy(made)
    for name in ("village", "household", "market"):
        (made / f"{name}.lp").unlink()
    kept = (made / "programme.lp").read_text(encoding="utf-8").splitlines(True)
    head = place.removeprefix("三") + title
    written = {
        "cases/linjiang.yaml": case,
        "notice.txt": f"{_TITLE}\n\n三、创建标准\n\n{head}\n\n{standard}\n",
        "notice.md": f"# {_TITLE}（虚构）\n\n## 三、创建标准\n\n"
        f"**[{place}]** {head}\n\n**[{place}1]** {standard}\n",
        "coverage.lp": "%*!\n条文对照 / the clause ledger.\n*%\n"
        f'answers_text(kind({kind}), "{place}", "{title}").\n',
        f"{kind}.lp": rules,
        "programme.lp": "".join(x for x in kept if not x.startswith(("target", "role"))),
    }
    for name, text in written.items():
        (made / name).write_text(text, encoding="utf-8")
    return made


def notice_fixtures(
    write: Callable[[Path], Path],
) -> tuple[Callable[..., Path], Callable[..., Policy]]:
    """Return the fixtures `folder` and `notice` of a module: a notice as it is written, and as it
    is loaded."""

    @pytest.fixture(scope="module", name="folder")
    def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
        return write(tmp_path_factory.mktemp("notice"))

    @pytest.fixture(scope="module", name="notice")
    def notice(folder: Path) -> Policy:
        return load_policy(folder)

    return folder, notice


_REPORTS = [
    ("report --overwrite --out r.html", "r.html", "r.html"),
    ("report --overwrite --out r.xlsx", "r.xlsx", "r.xlsx"),
]
"""What is asked of every notice."""


def ask_everything(folder: Path, data: Path, asked: Sequence[tuple[str, str, str]]) -> None:
    """Run commands on `data` by the policy in `folder`, and write the reports: each answers, in the
    words given in Chinese and, every other one, in English."""
    common = ["--policy", str(folder), "--facts", str(data)]
    for number, (command, *said) in enumerate([*_REPORTS, *asked]):
        for lang, words in [("zh", said[0])] + [("en", said[1])] * (number % 2):
            done = CliRunner().invoke(main, [*command.split(), *common, "--lang", lang])
            assert done.exit_code == 0, (command, done.output)
            told = " ".join(done.output.split()).lower()
            assert words.lower() in told or words in done.output.replace("\n    ", ""), (
                command, done.output,
            )  # fmt: skip


def together(some: Iterable[Facts]) -> Facts:
    """Return several data side by side: units, incidents, ledgers and values."""
    data = list(some)
    return Facts(
        units=[u for f in data for u in f.units],
        incidents=[i for f in data for i in f.incidents],
        ledgers=[x for f in data for x in f.ledgers],
        values=[v for f in data for v in f.values],
    )


class _World(Protocol):
    def facts(self, prefix: str = "") -> Facts: ...


def side_by_side(worlds: Iterable[_World]) -> Facts:
    """Return the data of worlds, whose units bear their numbers."""
    return together(w.facts(f"w{n}") for n, w in enumerate(worlds))


def compare_remedies(result: Assessment, least: Mapping[str, int | None]) -> Counter[str]:
    """Compare the cheapest remedies of units with the least costs (0: met as it stands; None: by no
    edit), and judge all plans again, together. Return how many there are of each action, with a
    plan and with none, and of each status without a plan."""
    edited, planned, seen = result.facts, [], Counter[str]()
    for unit, cost in least.items():
        answer = find_remedy(result, unit)
        found = 0 if answer.status is Status.MET else None
        if answer.plans:
            found = answer.plans[0].cost
            edited = apply(edited, answer.plans[0].changes, result.year)
            planned.append(unit)
            seen.update(c.action for c in answer.plans[0].changes)
        else:
            seen[answer.status.value] += 1
        assert answer.proven
        assert found == cost, unit
        seen["plan" if answer.plans else "none"] += 1
    after = evaluate(edited, result.policy, result.year)
    assert {after.status(unit) for unit in planned} == ({Status.MET} if planned else set())
    return seen


def write_csv(data: Path, facts: Facts) -> None:
    """Write units, incidents, ledgers and values as a folder of CSV files."""
    data.mkdir()
    tables = {
        "units.csv": ("id,kind,name,parent", [
            f"{u.id},{u.kind},,{u.parent or ''}" for u in facts.units
        ]),
        "incidents.csv": ("id,unit,type,date,grade", [
            f"{i.id},{i.unit},{i.type},{i.date},{i.grade or ''}" for i in facts.incidents
        ]),
        "ledgers.csv": ("unit,item,year", [f"{x.unit},{x.item},{x.year}" for x in facts.ledgers]),
        "values.csv": ("unit,item,year,value", [
            f"{v.unit},{v.item},{v.year},{v.value}" for v in facts.values
        ]),
    }  # fmt: skip
    for file, (head, rows) in tables.items():
        (data / file).write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")


def changed(folder: Path, made: Path, files: Sequence[str], old: str, new: str) -> Path:
    """Copy a notice to `made`, with a text of its files replaced, which stands in some of them."""
    shutil.copytree(folder, made)
    texts = {name: (made / name).read_text(encoding="utf-8") for name in files}
    assert any(old in text for text in texts.values()), old
    for name, text in texts.items():
        (made / name).write_text(text.replace(old, new), encoding="utf-8")
    return made


def refused(notice: Path, file: str) -> str:
    """Return in what words a notice is refused; they name one of its files."""
    with pytest.raises(PolicyError) as said:
        load_policy(notice)
    assert file in str(said.value)
    return str(said.value)


def told(defect: str) -> str:
    """Return how a refusal tells a defect: in words where there are words, or as a term."""
    return f"{defect}(" if defect.isascii() else defect


def without(folder: Path, where: Path, files: Sequence[str], cost: str) -> Path:
    """Copy a notice under its own name, without a cost."""
    return changed(folder, where / cost[:5] / folder.name, files, cost, "")


def proven_unless(folder: Path, wrong: Path, file: str, old: str, new: str = "") -> Verification:
    """See met and failed proven for a notice; return what comes of it when a text of the shared
    rules is replaced, in a copy at `wrong`."""
    sound = verify(load_policy(folder), properties=("met_is_proven", "failure_is_proven"))
    assert sound.as_expected
    shutil.copytree(folder, wrong)
    shared = (base_folder() / file).read_text(encoding="utf-8")
    assert old in shared
    (wrong / file).write_text(shared.replace(old, new), encoding="utf-8")
    return verify(load_policy(wrong), properties=("met_is_proven",))


def certified(result: Assessment, data: Path, folder: Path) -> Callable[[], list[str]]:
    """Write the certificate of a run over `data` and see it verified; return how to ask once more
    what is wrong with it."""
    path = data.parent / "certificate"
    path.write_bytes(b"".join(certificate(result, data)))
    verified, wrong = checker.recheck(path, data, folder, base=base_folder())
    assert (wrong, verified != []) == ([], True)
    return lambda: list(map(str, checker.recheck(path, data, folder, base=base_folder())[1]))
