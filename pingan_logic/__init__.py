"""pingan_logic: the nine safe-unit (平安) standards as answer-set rules.

>>> import pingan_logic
>>> facts = pingan_logic.Facts(units=[pingan_logic.Unit("H-1", "household")])
>>> pingan_logic.evaluate(facts, year=2014)["H-1"].status
<Status.UNDETERMINED: 'undetermined'>
"""

from pingan_logic.errors import InputError, PinganError, PolicyError, Problem, RequestError
from pingan_logic.evaluation import evaluate
from pingan_logic.explain import Explanation
from pingan_logic.intake import load_facts
from pingan_logic.model import (
    Change,
    Facts,
    Incident,
    Ledger,
    NotApplicable,
    Poll,
    Requirement,
    Score,
    Unit,
)
from pingan_logic.policy.catalogue import Clause, Policy
from pingan_logic.solving.engine import load_policy
from pingan_logic.verdicts import Assessment, Finding, Share, Status, UnitAssessment

__all__ = [
    "Assessment",
    "Change",
    "Clause",
    "Explanation",
    "Facts",
    "Finding",
    "Incident",
    "InputError",
    "Ledger",
    "NotApplicable",
    "PinganError",
    "Policy",
    "PolicyError",
    "Poll",
    "Problem",
    "RequestError",
    "Requirement",
    "Score",
    "Share",
    "Status",
    "Unit",
    "UnitAssessment",
    "evaluate",
    "load_facts",
    "load_policy",
]
