"""The clause comparison: every sentence of the notice beside the rules and tests that answer it."""

from pingan_logic.audit.entries import AuditLedger, Entry, Orphan, Paragraph, RulePlace
from pingan_logic.audit.ledger import audit

__all__ = ["AuditLedger", "Entry", "Orphan", "Paragraph", "RulePlace", "audit"]
