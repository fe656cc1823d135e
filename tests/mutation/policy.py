"""Mutation testing of the policy: `python -m tests.mutation.policy [--json] [--file NAME] ...`.

Every rule file that decides is changed in one place at a time; each change must be found by
loading, the bank of small worlds (cases and oracle), the linter, the audit or a property, or stand
in equivalent.yaml with the reason why it changes nothing. Exit status 1 otherwise.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import TimeoutError as Late
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path

import yaml
from pebble import ProcessPool

from pingan_logic import Policy, load_policy
from pingan_logic.questions.verify import property_names, verify
from pingan_logic.rules.find import rule_files
from tests.mutation.bank import NO_PROGRAM, World, bank, changed_policy, killed
from tests.mutation.operators import Mutant, mutants
from tests.mutation.searches import searches

__all__ = ["Result", "all_mutants", "equivalents", "judge", "settle", "worlds"]

EQUIVALENT = Path(__file__).parent / "equivalent.yaml"
UNDECIDING = {"coverage.lp", "stated.lp"}
LIMIT = 300.0
"""Seconds that one mutant may take."""

Key = tuple[str, str, str]


@dataclass(frozen=True)
class Result:
    """What became of a mutant: `state` is killed (`by` what), stillborn (not a program at all),
    equivalent (documented as such), survived, or unsettled: the test itself broke off, which is
    no proof of anything."""

    mutant: Mutant
    state: str
    by: str = ""
    said: str = ""


def all_mutants(policy: Policy) -> list[Mutant]:
    """Return the mutants of every rule file that decides, and of the searches for remedies."""
    files = [p for p in policy.files if p.name not in UNDECIDING]
    files += rule_files(policy.folder, "remedies")
    return [m for path in files for m in mutants(path, policy)]


def equivalents() -> dict[Key, str]:
    """Return file, statement and changed statement of each documented mutant, with the reason."""
    found: dict[Key, str] = {}
    for entry in yaml.safe_load(EQUIVALENT.read_text(encoding="utf-8")):
        before, after = (" ".join(entry[text].split()) for text in ("rule", "becomes"))
        key = (entry["file"], before, after)
        if key in found:
            raise ValueError(f"twice: {key}")
        found[key] = entry["because"]
    return found


@cache
def shipped() -> Policy:
    """Return the shipped policy, loaded once in each process."""
    return load_policy()


@cache
def worlds() -> list[World]:
    """Return the bank of worlds, made once in each process."""
    return bank(shipped())


@cache
def questions() -> list[World]:
    """Return the questions to the searches for remedies, made once in each process."""
    return list(searches(shipped()))


def _properties(policy: Policy) -> Iterator[World]:
    def check(name: str, changed: Policy) -> Iterator[str]:
        if not verify(changed, name).as_expected:
            yield name

    for name in property_names(policy):
        yield World("properties", load_policy, partial(check, name))


def judge(mutant: Mutant, proofs: bool = False) -> Result:
    """Put one mutant to the test: by the bank of worlds, or else by the proven properties."""
    if mutant.file.startswith("remedies"):
        asked = [] if proofs else questions()
    else:
        asked = list(_properties(shipped())) if proofs else worlds()
    with changed_policy(shipped(), {mutant.file: mutant.text}) as folder:
        found = killed(folder, asked, mutant.file)
    if found is None:
        return Result(mutant, "survived")
    return Result(mutant, "stillborn" if found[0] == NO_PROGRAM else "killed", *found)


def settle(result: Result, documented: dict[Key, str]) -> Result:
    """Return the result beside the documents: a documented mutant must survive."""
    m = result.mutant
    reason = documented.get((m.file, m.before, m.after))
    if reason is None:
        return result
    if result.state == "survived":
        return replace(result, state="equivalent", said=reason)
    return replace(result, state="survived", said=f"documented, but {result.state}: {result.said}")


def _run(chosen: Sequence[Mutant], jobs: int, proofs: bool) -> Iterator[Result]:
    with ProcessPool(max_workers=jobs, max_tasks=300) as pool:
        results = pool.map(partial(judge, proofs=proofs), chosen, timeout=LIMIT).result()
        for mutant in chosen:
            try:
                yield next(results)
            except Late:
                yield Result(mutant, "unsettled", said=f"took more than {LIMIT:.0f} s")
            except Exception as error:
                yield Result(mutant, "unsettled", said=repr(error))


def run(chosen: Sequence[Mutant], documented: dict[Key, str], jobs: int) -> Iterator[Result]:
    """Yield the result of each mutant; what the worlds let through is put to the properties."""
    left = []
    for result in _run(chosen, jobs, proofs=False):
        final = settle(result, documented)
        if final.state == "survived" and result.state == "survived":
            left.append(result.mutant)
        else:
            yield final
    if left:
        yield from _run(left, jobs, proofs=True)


ENDS = ("equivalent", "survived", "unsettled")


def table(results: Iterable[Result]) -> str:
    """Return the counts by operator: mutants, killed by what, equivalent, survived."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for r in results:
        if r.state != "stillborn":
            for row in (r.mutant.operator, "all"):
                counts[row]["mutants"] += 1
                counts[row][r.by if r.state == "killed" else r.state] += 1
    killers = sorted({c for row in counts.values() for c in row} - {"mutants", *ENDS})
    columns = ["mutants", *killers, *ENDS]
    lines = [" ".join([f"{'operator':16}", *(f"{c:>10}" for c in columns)])]
    for operator in sorted(counts, key=lambda o: (o == "all", o)):
        cells = (f"{counts[operator][c]:10}" for c in columns)
        lines.append(" ".join([f"{operator:16}", *cells]))
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="one JSON line for each mutant")
    parser.add_argument("--file", action="append", help="only mutants of this rule file")
    parser.add_argument("--id", action="append", help="only this mutant")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    start = time.perf_counter()
    chosen = all_mutants(load_policy())
    documented = equivalents()
    keys = {(m.file, m.before, m.after) for m in chosen}
    stale = [k for k in documented if k not in keys]
    if options.file or options.id:
        chosen = [m for m in chosen if m.file in (options.file or ()) or m.id in (options.id or ())]
    results = []
    for r in run(chosen, documented, options.jobs):
        results.append(r)
        if options.json:
            m = r.mutant
            row = {"id": m.id, "file": m.file, "line": m.line, "operator": m.operator,
                   "before": m.before, "after": m.after, "state": r.state, "by": r.by,
                   "said": r.said}  # fmt: skip
            print(json.dumps(row, ensure_ascii=False), flush=True)
    survived = [r for r in results if r.state in ("survived", "unsettled")]
    if not options.json:
        print(table(results))
        stillborn = sum(r.state == "stillborn" for r in results)
        print(f"{stillborn} more are no programs; {time.perf_counter() - start:.0f} s")
        for r in survived:
            m = r.mutant
            print(f"{m.id} {m.file}:{m.line} {m.operator} {r.said}\n  - {m.before}\n  + {m.after}")
    for key in stale:
        print("documented, but no such mutant:", *key, sep="\n  ", file=sys.stderr)
    return 1 if survived or stale else 0


if __name__ == "__main__":
    sys.exit(main())
