"""The same verdicts by other means: hand-written programs that the project is measured against."""
