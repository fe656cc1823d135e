"""Reads unit data; every problem of an input is reported at once."""

from pingan_logic.intake.load import load_facts, read_document, read_source, read_upload
from pingan_logic.intake.to_facts import to_facts
from pingan_logic.intake.validation import check_facts

__all__ = ["check_facts", "load_facts", "read_document", "read_source", "read_upload", "to_facts"]
