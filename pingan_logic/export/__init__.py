"""Writes facts in every format that is read, templates to fill in, and marked copies."""

from pingan_logic.export.convert import write_facts
from pingan_logic.export.csv_folder import write_folder, write_folders

__all__ = ["write_facts", "write_folder", "write_folders"]
