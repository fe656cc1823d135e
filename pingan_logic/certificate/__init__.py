"""Certificates: every verdict of a run with its derivation, for `pingan_logic.recheck`."""

from pingan_logic.certificate.document import certificate

__all__ = ["certificate"]
