"""Names in rule files that are one letter off another: slips of the pen, wherever they stand."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Container, Mapping, Sequence
from itertools import combinations

from pingan_logic.rules.syntax import Rule

__all__ = ["Place", "Uses", "declared", "misspelt", "uses"]

Place = tuple[str, int, int, str]
"""File, line, column, and the sort of what stands there: a predicate and a position in it."""
Uses = Mapping[str, Sequence[Place]]
"""The places of each constant, in the order of the files."""

_SHORT, _WORD, _LONG, _JOINED = 3, 4, 6, 8
"""Letters of a word in which two that have changed places are told from another word, in which a
wrong one is, in which a wrong first one is, and in which a missing or doubled _ is."""


_KNOWN = 2
"""Places of a name that is known."""
_TELLING = 6
"""Letters of a name that is told from another one wherever that stands, not in its places only."""


def uses(rules: Sequence[Rule]) -> tuple[dict[str, list[Place]], Counter[str]]:
    """Return where each constant stands, in facts and in rules, and how often each word is used in
    names of all kinds and in English texts. What a template is given does not stand in it."""
    found: dict[str, list[Place]] = defaultdict(list)
    words: Counter[str] = Counter()
    sort = _sorts(rules)
    for rule in rules:
        atoms = (*rule.head, *rule.body)
        terms = [(f"{atom.signature} {n}", t) for atom in atoms for n, t in enumerate(atom.args)]
        terms += [("", t) for comparison in rule.comparisons for t in comparison.terms]
        terms += [("", t) for a in rule.aggregates for e in a.elements for t in e.terms]
        for at, part in ((at, p) for at, t in terms for p in t.walk()):
            if part.constant is not None and part.constant not in rule.given:
                found[part.constant].append((rule.file, part.line, part.column, sort.get(at, at)))
            elif part.kind == "str":
                words.update(_ENGLISH.findall(part.name.lower()))
        for atom in atoms:
            words.update(atom.name.split("_"))
    return found, words


def _sorts(rules: Sequence[Rule]) -> dict[str, str]:
    """Return one position for all between which variables carry what stands there."""
    first: dict[str, str] = {}

    def of(at: str) -> str:
        while at in first:
            at = first[at]
        return at

    for rule in rules:
        here: dict[str, str] = {}
        for atom in (*rule.head, *rule.body):
            for n, term in enumerate(atom.args):
                if term.kind == "var" and term.name != "_":
                    at, known = (
                        of(f"{atom.signature} {n}"),
                        of(here.setdefault(term.name, f"{atom.signature} {n}")),
                    )
                    if at != known:
                        first[max(at, known)] = min(at, known)
    return {at: of(at) for at in first}


_ENGLISH = re.compile("[a-z]{3,}")
_DECLARE = frozenset({"kind/4", "incident_type/3", "grade/4", "body/3", "role_name/3", "clause/4"})


def declared(rules: Sequence[Rule]) -> set[str]:
    """Return the names that stand for something of which the rules give a list."""
    heads = (atom for rule in rules for atom in rule.head)
    return {c for atom in heads if atom.signature in _DECLARE for c in atom.constants(0)}


def misspelt(used: Uses, words: Mapping[str, int], listed: Container[str] = ()) -> dict[str, str]:
    """Return the names that are a slip for another one, with that other; some are `declared`.

    Of two names that differ by one letter in one word, the one that stands in fewer places is the
    slip, or else the one whose words are used less. A plural or another ending is none, unless it
    stands in one place and is no word of `words`, which are counted beside those of the names, or
    among names that are `listed` and is not. A
    word that stands in one place and nowhere else is a slip however short, beside one known there.
    """
    known = Counter(words)
    for name, places in used.items():
        known.update({w: len(places) for w in name.split("_")})

    def usual(name: str) -> tuple[int, int]:
        return len(set(used[name])), min(known[w] for w in name.split("_"))

    beside: dict[str, set[str]] = defaultdict(set)
    for name, places in used.items():
        for *_, at in places:
            beside[at].add(name)
    found: dict[str, str] = {}
    for one, other in _pairs(used):
        slip, right = sorted((one, other), key=lambda n: (usual(n), [-ord(c) for c in n]))
        word, whole = _differing(slip, right)
        same = {at for *_, at in used[slip]} & {at for *_, at in used[right]}
        once = known[word] == 1 and word not in words and len(set(used[right])) >= _KNOWN
        if not (once and _is_near(word, whole) and (same or _of_a_sort(used, beside, slip, right))):
            ends = "_" not in word and (whole.startswith(word) or word.startswith(whole))
            unlisted = same and right in listed and slip not in listed and len(used[slip]) == 1
            ending = ends and not unlisted and (len(used[slip]) > 1 or word in words)
            elsewhere = max(len(slip), len(right)) < _TELLING and not same
            if not _is_slip(word, whole) or ending or elsewhere:
                continue
        nearer = (right, found.get(slip, right))
        found[slip] = max(nearer, key=lambda n: (sorted(n) == sorted(slip), len(used[n])))
    return found


def _pairs(used: Uses) -> list[tuple[str, str]]:
    """Return the pairs of names that are the same without a letter of one word in each."""
    like: dict[tuple[int, tuple[str, ...]], set[str]] = defaultdict(set)
    for name in used:
        words = tuple(name.split("_"))
        for n, word in enumerate(words):
            for cut in {word, *(word[:k] + word[k + 1 :] for k in range(len(word)))}:
                like[n, (*words[:n], cut, *words[n + 1 :])].add(name)
        like[-1, ("".join(words),)].add(name)
    return sorted({p for names in like.values() for p in combinations(sorted(names), 2)})


def _differing(one: str, other: str) -> tuple[str, str]:
    """Return the words in which two names differ: they whole where their words are not as many."""
    words = one.split("_"), other.split("_")
    if len(words[0]) != len(words[1]):
        return one, other
    return next((a, b) for a, b in zip(*words, strict=True) if a != b)


def _of_a_sort(used: Uses, beside: Mapping[str, set[str]], slip: str, right: str) -> bool:
    """Whether names that stand where `slip` does also stand where `right` does."""
    with_slip = {name for *_, at in used[slip] for name in beside[at]}
    with_right = {name for *_, at in used[right] for name in beside[at]}
    return len((with_slip & with_right) - {slip, right}) > 0


def _is_near(a: str, b: str) -> bool:
    """Whether two words, which differ by one letter or by two that have changed places, have enough
    of them."""
    return len(b) >= _SHORT and (a + b).isalpha()


def _is_slip(a: str, b: str) -> bool:
    """Whether two words differ by one letter, or by two that have changed places."""
    if a.replace("_", "") == b.replace("_", ""):
        return len(a) >= _JOINED
    if len(a) == len(b):
        differ = [n for n, (x, y) in enumerate(zip(a, b, strict=True)) if x != y]
        if len(differ) == 1:
            first = differ == [0]
            return len(a) >= (_LONG if first else _WORD) and (a + b).isalpha()
        turned = len(differ) == 2 and differ[1] == differ[0] + 1 and sorted(a) == sorted(b)
        return turned and len(a) >= _SHORT
    short, long = sorted((a, b), key=len)
    cuts = (n for n in range(len(long)) if long[:n] + long[n + 1 :] == short)
    return len(short) >= _SHORT and any(long[n].isalpha() for n in cuts)
