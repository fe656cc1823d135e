"""Certificates: every verdict of a run with its derivation, for `pingan_logic.recheck`."""

from pingan_logic.certificate.document import Certificate, certificate

__all__ = ["Certificate", "certificate"]
