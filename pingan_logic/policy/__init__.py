"""Find, scan and describe rule files."""

from pingan_logic.policy.catalogue import Clause, Policy, Prohibition
from pingan_logic.policy.find import data_folder, find_policy, policy_names

__all__ = ["Clause", "Policy", "Prohibition", "data_folder", "find_policy", "policy_names"]
