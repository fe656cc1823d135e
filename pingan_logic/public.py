"""What the library offers: the names of `pingan_logic` itself."""

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
