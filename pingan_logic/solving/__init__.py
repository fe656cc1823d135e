"""The one place that writes ASP facts (`encode`) and the one that calls clingo (`engine`)."""
