"""The words that columns may hold, as codes and as the names people write for them."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import attrs

from pingan_logic.catalogue import Policy, check_kind
from pingan_logic.errors import nearest, one_slip
from pingan_logic.model import TABLES, Words

__all__ = ["Vocabulary", "also_called", "asked_kind", "column_words"]

_ALL: Words = {"*": ("全部", "all")}
_DENIES = re.compile(r"[不未没无非否]|^(no|un)|not")
"""What says no in a word, written plainly."""


def column_words(policy: Policy, column: attrs.Attribute[Any]) -> Words | None:
    """Return the words a column may hold, in the policy's order; None when it holds no words."""
    words: Words | str | None = column.metadata["words"]
    if not isinstance(words, str):
        return words
    types = {t.id: (t.zh, t.en) for t in policy.types.values()}
    found: dict[str, Words] = {
        "kinds": {k.id: (k.zh, k.en) for k in policy.unit_kinds.values()},
        "types": types,
        "grades": dict(policy.grades),
        "items": _ALL | types,
        "inputs": {i.id: (i.zh, i.en) for i in policy.inputs.values()},
        "declarable": {
            c: (policy.clauses[c].source, policy.clauses[c].text("en"))
            for c in sorted(policy.may_be_declared & policy.clauses.keys())
        },
    }
    return found[words]


_GROUPS = {"kinds": "kind", "types": "type", "items": "type", "grades": "grade"}
"""The group of everyday words for a column whose words are the policy's own."""


def also_called(policy: Policy, column: attrs.Attribute[Any]) -> Mapping[str, tuple[str, ...]]:
    """Return the everyday words of a column with the codes that each may mean."""
    words = column.metadata["words"]
    group = _GROUPS.get(words, "") if isinstance(words, str) else column.name
    known = policy.also_called.get(group, {})
    if group != "kind":
        return known
    titles = {policy.level_of.get(k, k): title for k, title in policy.titles.items()}
    return {form: (k,) for k, title in titles.items() for form in _forms(title)} | known


def _counted(policy: Policy, column: attrs.Attribute[Any]) -> Mapping[str, Sequence[str]]:
    """Return the places of the clauses for which the types of a column count."""
    words = column.metadata["words"]
    if not isinstance(words, str) or _GROUPS.get(words) != "type":
        return {}
    order = {kind: n for n, kind in enumerate(policy.kinds)}
    found = {}
    for code, ids in policy.counted.items():
        clauses = sorted((policy.clauses[c] for c in ids), key=lambda c: (order[c.kind], c.source))
        found[code] = list(dict.fromkeys(c.source for c in clauses))
    return found


class Vocabulary:
    """Codes of a column by what people write: the code, its names, their unambiguous parts, and
    everyday words.

    `村（社区）` is also `村` and `社区`; a part that could mean two codes means none. `also` are
    the everyday words, with the codes that each may mean; `formerly` are names that were written
    for the codes and are still read.
    """

    words: dict[str, tuple[str, str]]

    def __init__(
        self,
        words: Words,
        also: Mapping[str, tuple[str, ...]] | None = None,
        clauses: Mapping[str, Sequence[str]] | None = None,
        formerly: Words | None = None,
    ) -> None:
        self.words, self._clauses = words, clauses or {}
        self._also: dict[str, tuple[str, ...]] = {}
        meant: dict[str, set[str]] = defaultdict(set)
        for code, (zh, en) in (*words.items(), *(formerly or {}).items()):
            for form in (*_forms(zh), _plain(en)):
                meant[form].add(code)
        self._own = frozenset(meant)
        self._codes = {form: next(iter(c)) for form, c in meant.items() if len(c) == 1}
        for word, codes in (also or {}).items():
            known = tuple(c for c in codes if c in words)
            if known:
                self._also[_plain(word)] = known
                self._codes.pop(_plain(word), None)
        self._codes |= {word: codes[0] for word, codes in self._also.items() if len(codes) == 1}
        # full names and codes win over parts of other names
        self._codes |= {_plain(names[0]): code for code, names in words.items()}
        self._codes |= {_plain(code): code for code in words}

    def code(self, text: str) -> str | None:
        """Return the code that `text` means, or None."""
        return self._codes.get(_plain(text))

    def is_everyday(self, text: str) -> bool:
        """Whether `text` is an everyday word for a code, and none of its names or a title."""
        plain, code = _plain(text), self.code(text)
        if code is None or plain not in self._also or plain in self._own:
            return False
        return _plain(self.label(code)) not in plain

    def meanings(self, text: str) -> tuple[str, ...]:
        """Return the codes of which `text` may mean any; empty when it means one or none."""
        return () if self.code(text) else self._also.get(_plain(text), ())

    def described(self, code: str, lang: str) -> str:
        """Return what a code is called, and for which clauses it counts if it is a type."""
        places = self._clauses.get(code, ())
        if lang == "en":
            counted = f" (counts for {', '.join(places)})" if places else ""
            return f"{self.words[code][1]}{counted}"
        return self.label(code) + (f"（计入{'、'.join(places)}）" if places else "")

    def label(self, code: str) -> str:
        """Return the Chinese name to write for `code`; the code itself when no name means it."""
        name = self.words[code][0] if code in self.words else code
        return name if self.code(name) == code else code

    def _like(self, plain: str) -> dict[str, str]:
        """Return the forms that say yes or no as a text does, with their codes: 没有责任 looks
        most like 有责任, and means the contrary."""
        denies = bool(_DENIES.search(plain))
        return {f: code for f, code in self._codes.items() if bool(_DENIES.search(f)) == denies}

    def nearest_code(self, text: str) -> str | None:
        """Return the code of what `text` is most like, or is most like a part of."""
        plain = _plain(text)
        like = self._like(plain)
        form = nearest(plain, like)
        return like[form] if form is not None else None

    def nearest(self, text: str) -> str | None:
        """Return the Chinese name that `text` is most like, or is most like a part of."""
        code = self.nearest_code(text)
        return self.label(code) if code is not None else None

    def only_near(self, text: str) -> str | None:
        """Return the name of the only code that is one slip of the pen from `text`."""
        plain = _plain(text)
        codes = {code for form, code in self._like(plain).items() if one_slip(plain, form)}
        return self.label(codes.pop()) if len(codes) == 1 else None

    @property
    def labels(self) -> list[str]:
        """The Chinese names in order, for lists to choose from."""
        return [self.label(code) for code in self.words]

    @classmethod
    def of_tables(cls, policy: Policy) -> dict[tuple[str, str], Vocabulary]:
        """Return the vocabulary of every column that has one, by table and column."""
        return {
            (table, column.name): cls(
                words,
                also_called(policy, column),
                _counted(policy, column),
                column.metadata["formerly"],
            )
            for table, record in TABLES.items()
            for column in attrs.fields(record)
            if (words := column_words(policy, column)) is not None
        }


def asked_kind(policy: Policy, text: str, place: str) -> str:
    """Return the kind of units that `text` means, by its id or as people call it, or the standard
    of a level. Raises RequestError, naming `place`, when it is none or several."""
    for level in policy.level_of:
        if text in (level, policy.kinds[level].zh, policy.kinds[level].en):
            return level
    kind = Vocabulary.of_tables(policy)["units", "kind"].code(text) or text
    check_kind(policy, kind, place)
    return kind


def _plain(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).casefold()
    return re.sub(r"[\s“”\"'‘’]", "", text)


def _forms(label: str) -> set[str]:
    whole = _plain(label)
    forms = {whole}
    if match := re.fullmatch(r"(.+)\((.+)\)", whole):
        forms |= {match[1], match[2]}
    return forms | {f.removeprefix("平安") for f in forms} - {""}
