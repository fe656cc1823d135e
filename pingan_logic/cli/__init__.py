"""The command line of `python -m pingan_logic`."""

from pingan_logic.cli.main import main, run

__all__ = ["main", "run"]
