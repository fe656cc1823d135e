"""Findings to words (Chinese, English) and JSON."""

from pingan_logic.explain.county_text import list_text, notices_text, summary_table
from pingan_logic.explain.explanation import Explanation

__all__ = ["Explanation", "list_text", "notices_text", "summary_table"]
