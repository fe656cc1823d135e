"""Writes what is proven of the shipped rule files, which `rules.proven` reads.

`python -m pingan_logic.policy.proven > policies/proven.txt`: of each policy the digest and name,
the tables that are read of what is above a unit, the templates that are used with their constants,
the rules that tell units alike apart, those by which a verdict rests on other units, and those
that surroundings obey.
"""

from __future__ import annotations

from pingan_logic.rules.find import data_folder, policy_names, rule_files
from pingan_logic.rules.may_merge import prove_merging
from pingan_logic.rules.proven import APART, ELSEWHERE, digest
from pingan_logic.solving.program import read_rules, used_templates

__all__: list[str] = []


def _proven(name: str) -> str:
    files = rule_files(data_folder("policies") / name)
    proof = prove_merging(read_rules(files).rules)
    told = (("tables", *proof.tables), ("templates", *used_templates(files)))
    rules = [
        f"{start}{p.place}\t{p.zh}\t{p.en}\t{p.found}"
        for start, some in ((APART, proof.distinctions), (ELSEWHERE, proof.elsewhere))
        for p in some
    ]
    lines = [f"{digest(files)} {name}", *map(" ".join, told), *rules, proof.upwards]
    return "".join(f"{line}\n" for line in lines)


if __name__ == "__main__":
    print("\n".join(map(_proven, policy_names())))
