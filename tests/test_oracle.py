"""The rules against an independent plain-Python reading of the notice, on random counties."""

from __future__ import annotations

import random
from typing import Any

import pytest

from pingan_logic import Policy
from tests.oracle import judge as oracle
from tests.worlds import random_county

BLOCKS, PER_BLOCK = 24, 50


@pytest.mark.parametrize("block", range(BLOCKS))
def test_rules_agree_with_the_oracle(block: int, judge: Any, policy: Policy) -> None:
    for seed in range(block * PER_BLOCK, (block + 1) * PER_BLOCK):
        data = random_county(random.Random(seed))
        expected = oracle(data, 2014)
        found = judge(data)
        assert set(found) == set(expected), seed
        for unit in found:
            here = found[unit]
            assert here.status.value == expected[unit].status, (seed, unit)
            clauses = {f.text: f.status.value for f in here.findings}
            assert clauses == expected[unit].clauses, (seed, unit)
