"""What a run says: statuses, findings and the assessment of a county."""

from pingan_logic.verdicts.assessment import Assessment
from pingan_logic.verdicts.judgement import no_such_unit
from pingan_logic.verdicts.values import (
    Finding,
    Levels,
    Line,
    Placed,
    Share,
    Status,
    UnitAssessment,
    exact_rate,
    hundredths,
    percent,
    rate,
)

__all__ = [
    "Assessment",
    "Finding",
    "Levels",
    "Line",
    "Placed",
    "Share",
    "Status",
    "UnitAssessment",
    "exact_rate",
    "hundredths",
    "no_such_unit",
    "percent",
    "rate",
]
