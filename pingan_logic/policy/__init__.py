"""Find, scan and describe rule files."""

from pingan_logic.catalogue import Clause, Policy, Prohibition
from pingan_logic.rules.find import data_folder, find_policy, policy_names

__all__ = ["Clause", "Policy", "Prohibition", "data_folder", "find_policy", "policy_names"]
