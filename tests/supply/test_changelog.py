"""A change of what a policy decides is written down: periods, clauses, reason, sign-off."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pingan_logic.rules.find import data_folder, policy_names
from pingan_logic.solving.load_policy import load_policy
from tests.policies import copy_policy
from tests.supply.fingerprint import fingerprint

ROOT = Path(__file__).parents[2]
CHANGELOG = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
POLICY = data_folder("policies") / "xiangyin-2014"
FIELDS = {
    "affected periods": r"(\d{4}|不变|none)",
    "affected clauses": r"([一二三四]|不变|none)",
    "reason": r"\w{2}",
    "fingerprint": r"`[0-9a-f]{64}`",
    "Signed-off-by": r"\w{2}",
}


def entries(text: str, policy: str) -> list[dict[str, str]]:
    """Return the entries of a policy, newest first, by field."""
    found = []
    for part in re.split(r"^### ", text, flags=re.MULTILINE)[1:]:
        if f"`{policy}`" not in part.splitlines()[0]:
            continue
        rows = re.findall(r"^- ([^:]+):\s*(.+(?:\n  .+)*)", part, re.MULTILINE)
        found.append({name.rpartition(" / ")[2].strip(): value for name, value in rows})
    return found


@pytest.mark.parametrize("name", policy_names())
def test_the_newest_entry_is_of_the_rules_as_they_are(name: str) -> None:
    now = fingerprint(data_folder("policies") / name)
    newest = entries(CHANGELOG, name)[0]
    assert f"`{now}`" in newest["fingerprint"], (
        "the rules changed: add an entry to CHANGELOG.md with the affected periods and clauses, "
        f"and the fingerprint {now}"
    )


@pytest.mark.parametrize("name", policy_names())
def test_every_entry_says_what_it_touches_and_who_answers_for_it(name: str) -> None:
    found = entries(CHANGELOG, name)
    assert found
    places = {c.source for c in load_policy(name).clauses.values()}
    for entry in found:
        for field, form in FIELDS.items():
            assert re.search(form, entry.get(field, "")), (field, entry)
        for place in re.findall(r"三[(（][一二三四五六七八九][)）]\d", entry["affected clauses"]):
            assert place.replace("(", "（").replace(")", "）") in places


def test_words_and_layout_are_not_a_change_and_everything_else_is(tmp_path: Path) -> None:
    folder = tmp_path / "p"
    copy_policy(folder)
    same = fingerprint(POLICY)
    path = folder / "village.lp"
    text = path.read_text(encoding="utf-8")
    path.write_text('% 说明 "\n' + text.replace("\n", "\n\n"), encoding="utf-8")
    assert fingerprint(folder) == same
    path.write_text(text.replace(", 90, 100)", ", 91, 100)"), encoding="utf-8")
    assert fingerprint(folder) != same
    path.write_text(text, encoding="utf-8")
    assert fingerprint(folder) == same
    (folder / "more.lp").write_text("% nothing\n", encoding="utf-8")
    assert fingerprint(folder) != same
