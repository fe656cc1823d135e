"""What the library offers: the names of `pingan_logic` itself."""

from pingan_logic.asking import Assessment, evaluate
from pingan_logic.audit import AuditLedger
from pingan_logic.cases import Tested
from pingan_logic.catalogue import Clause, Policy
from pingan_logic.certificate import Certificate
from pingan_logic.errors import (
    InputError,
    LimitError,
    PinganError,
    PolicyError,
    Problem,
    RequestError,
)
from pingan_logic.explain import Explanation
from pingan_logic.intake import load_facts
from pingan_logic.library import (
    audit,
    certificate,
    check,
    convert,
    expand,
    explain,
    fix,
    lint,
    margin,
    missing,
    params,
    programme,
    report,
    show,
    switches,
    test,
    verify,
    whatif,
)
from pingan_logic.lint import Linted, LintFinding
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
    Value,
)
from pingan_logic.policy.expand import Expanded
from pingan_logic.policy.params import Params
from pingan_logic.policy.sentences import Sentence, Sentences
from pingan_logic.programme import Attainment, Programme
from pingan_logic.questions.checked import Checked
from pingan_logic.questions.fix import Remedy
from pingan_logic.questions.margin import Margin
from pingan_logic.questions.missing import Missing
from pingan_logic.questions.verified import Verification
from pingan_logic.questions.whatif import Switches, WhatIf
from pingan_logic.solving.load_policy import load_policy
from pingan_logic.verdicts import Finding, Share, Status, UnitAssessment

__all__ = [
    "Assessment",
    "Attainment",
    "AuditLedger",
    "Certificate",
    "Change",
    "Checked",
    "Clause",
    "Expanded",
    "Explanation",
    "Facts",
    "Finding",
    "Incident",
    "InputError",
    "Ledger",
    "LimitError",
    "LintFinding",
    "Linted",
    "Margin",
    "Missing",
    "NotApplicable",
    "Params",
    "PinganError",
    "Policy",
    "PolicyError",
    "Poll",
    "Problem",
    "Programme",
    "Remedy",
    "RequestError",
    "Requirement",
    "Score",
    "Sentence",
    "Sentences",
    "Share",
    "Status",
    "Switches",
    "Tested",
    "Unit",
    "UnitAssessment",
    "Value",
    "Verification",
    "WhatIf",
    "audit",
    "certificate",
    "check",
    "convert",
    "evaluate",
    "expand",
    "explain",
    "fix",
    "lint",
    "load_facts",
    "load_policy",
    "margin",
    "missing",
    "params",
    "programme",
    "report",
    "show",
    "switches",
    "test",
    "verify",
    "whatif",
]
