"""The independent checker of certificates. It imports nothing of this package."""
