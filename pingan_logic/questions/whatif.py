"""What if: one question with its answer, for every face."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from attrs import field, frozen

from pingan_logic.catalogue import Policy, Setting
from pingan_logic.errors import check_words, visible
from pingan_logic.evaluation import evaluate
from pingan_logic.figures import SCHEMA
from pingan_logic.messages.comparison import WORDS
from pingan_logic.model import Facts
from pingan_logic.policy.settings import parse_setting
from pingan_logic.questions.comparison import (
    Comparison,
    Flip,
    SwitchEffect,
    change_facts,
    compare,
    policy_with,
    refuse_nothing_to_compare,
)
from pingan_logic.questions.comparison_text import (
    Side,
    comparison_text,
    setting_words,
    switches_text,
)
from pingan_logic.shown import Answer
from pingan_logic.verdicts import Assessment

__all__ = ["Switches", "WhatIf", "what_if"]


@frozen(repr=False)
class WhatIf(Answer[Flip]):
    """Two evaluations and what differs: `names` are those of their data, `rows` that of the change
    of rows (empty for none) and `settings` what was set in `unchanged`, the policy after."""

    before: Assessment
    after: Assessment
    comparison: Comparison
    unchanged: Policy
    settings: tuple[Setting, ...] = ()
    rows_changed: str = ""
    names: tuple[str, str] = field(default=("facts", "facts"))

    @property
    def rows(self) -> tuple[Flip, ...]:
        """The units whose verdict differs."""
        return self.comparison.flips

    def name_of(self, row: Flip) -> str:
        """Return the id of a unit."""
        return row.unit

    def text(self, lang: str = "zh") -> str:
        """Return the comparison in words."""
        check_words(lang)
        said = [setting_words(self.unchanged, s, lang) for s in self.settings]
        if self.rows_changed:
            said.append(WORDS[lang]["whatif_data"].format(file=visible(self.rows_changed)))
        sides = (Side(self.before, self.names[0]), Side(self.after, self.names[1]))
        return comparison_text(*sides, said, self.comparison, lang)

    def to_dict(self) -> dict[str, Any]:
        """Return the comparison as JSON values."""
        changes = (*map(str, self.settings), self.rows_changed)

        def named(a: Assessment, data: str, changes: Sequence[str] = ()) -> str:
            return visible(" ".join((a.policy.name, data, str(a.year), *(c for c in changes if c))))

        return {
            "schema": SCHEMA,
            "before": named(self.before, self.names[0]),
            "after": named(self.after, self.names[1], changes),
            **self.comparison.to_dict(),
        }


@frozen(repr=False)
class Switches(Answer[SwitchEffect]):
    """What each other value of each switch would change in some data."""

    policy: Policy
    effects: tuple[SwitchEffect, ...]

    @property
    def rows(self) -> tuple[SwitchEffect, ...]:
        """The effects."""
        return self.effects

    def name_of(self, row: SwitchEffect) -> str:
        """Return the name of a switch."""
        return row.switch

    def text(self, lang: str = "zh") -> str:
        """Return the effects in words."""
        check_words(lang)
        return switches_text(self.policy, self.effects, lang)

    def to_dict(self) -> dict[str, Any]:
        """Return the effects as JSON values."""
        return {"schema": SCHEMA, "switches": [e.to_dict() for e in self.effects]}


def what_if(
    facts: Facts,
    before: Assessment,
    *,
    settings: Sequence[str] = (),
    change: Mapping[str, Any] | None = None,
    change_name: str = "change",
    policy_b: Policy | None = None,
    facts_b: Facts | None = None,
    year_b: int | None = None,
    as_of: date | None = None,
    names: tuple[str, str] = ("facts", "facts"),
) -> WhatIf:
    """Compare `before`, made of `facts`, with how it would be.

    `settings` are written as on the command line (`threshold(CLAUSE)=95/100`), `change` holds rows
    to `add` and to `remove` by table; the policy, data and year of the other side can be named.
    Raises RequestError when nothing is named, or InputError and PolicyError for what cannot be
    used.
    """
    rows = {k: v for k in ("add", "remove") if change and (v := change.get(k))}
    if not (settings or rows or policy_b or facts_b is not None or year_b is not None):
        raise refuse_nothing_to_compare()
    unchanged = other = before.policy if policy_b is None else policy_b
    wanted = [parse_setting(s, other) for s in settings]
    if wanted:
        other = policy_with(other, wanted)
    data = facts if facts_b is None else facts_b
    if rows:
        data = change_facts(data, rows, other, change_name)
    after = evaluate(data, other, before.year if year_b is None else year_b, as_of=as_of)
    return WhatIf(
        before, after, compare(before, after), unchanged, tuple(wanted),
        change_name if rows else "", names,
    )  # fmt: skip
