"""Findings to words (Chinese, English) and JSON."""

from pingan_logic.explain.explanation import Explanation
from pingan_logic.explain.text import list_text, notices_text, summary_table

__all__ = ["Explanation", "list_text", "notices_text", "summary_table"]
