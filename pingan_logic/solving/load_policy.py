"""Loads a policy: its files checked, proven and ground without data."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pingan_logic.catalogue import (
    Policy,
    Setting,
)
from pingan_logic.errors import PolicyError, Problem, RequestError
from pingan_logic.reading import Reading
from pingan_logic.rules.find import find_policy, rule_files
from pingan_logic.rules.notice import paragraphs_in
from pingan_logic.rules.predicates import SUPPLIED
from pingan_logic.rules.proof import Proof
from pingan_logic.rules.proven import known_proof
from pingan_logic.rules.scan import scan
from pingan_logic.solving.control import ground
from pingan_logic.solving.defects import check_facts, placed
from pingan_logic.solving.incomplete import incomplete
from pingan_logic.solving.program import check_templates, read_rules, searched
from pingan_logic.solving.read_policy import policy_of
from pingan_logic.solving.shapes import misshapen

__all__ = ["as_policy", "load_policy"]


def as_policy(policy: Policy | str | Path | None) -> Policy:
    """Return a policy that is given as such, by its name or folder, or None for the shipped one.

    Raises RequestError and PolicyError as `load_policy` does.
    """
    if isinstance(policy, Policy):
        return policy
    if policy is None or isinstance(policy, (str, Path)):
        return load_policy(policy)
    zh, en = "应为规则名称、文件夹或 Policy", "expected a name, a folder or a Policy"
    raise RequestError([Problem("--policy", zh, en, type(policy).__name__)])


def load_policy(name_or_path: str | Path | None = None, settings: Sequence[Setting] = ()) -> Policy:
    """Load a policy by name or folder, with some of its facts replaced by `settings`.

    Raises RequestError when there is none, PolicyError with every problem when the files cannot
    be used.
    """
    folder = find_policy(name_or_path)
    files = tuple(rule_files(folder))
    reading = Reading()
    for path in files:
        reading.note(path)
    known = known_proof(files)
    proof = known or _prove(files)
    ctl = ground(files, "", settings)
    if changed := reading.changed():
        raise PolicyError(changed)
    if (settings or known is None) and (odd := list(misshapen(ctl.symbolic_atoms))):
        raise placed(odd, files)
    check_facts(ctl, files)

    policy, problems = policy_of(ctl, folder, files, settings, proof)
    problems += incomplete(policy)
    if problems:
        raise placed(problems, files)
    if known is None:
        _refuse_unstated(files, folder)
    return policy


def _refuse_unstated(files: Sequence[Path], folder: Path) -> None:
    """Refuse what the words of the notice ask for and no fact states: only when all else is well,
    for it may follow from that."""
    from pingan_logic.rules.unstated import unstated

    found = unstated(read_rules(files), paragraphs_in(folder))
    problems = [Problem(f"{f}:{line}:{column}", zh, en) for f, line, column, zh, en in found]
    if problems:
        raise PolicyError(problems)


def _prove(files: Sequence[Path]) -> Proof:
    """Check rule files whose checks are not known to pass; return what is proven of them."""
    from pingan_logic.rules.may_merge import prove_merging
    from pingan_logic.rules.slips import slips
    from pingan_logic.rules.strata import check_strata

    scan(list(files))
    syntax = read_rules(files)
    if found := slips(syntax, SUPPLIED, internal=searched()):
        raise PolicyError(s.problem() for s in found)
    check_templates(files)
    check_strata(syntax)
    return prove_merging(syntax.rules)
