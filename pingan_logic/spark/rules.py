"""The rules on every machine: those of the one that starts the job, whatever is installed there."""

from __future__ import annotations

import tempfile
from functools import lru_cache
from pathlib import Path

from attrs import frozen
from pyspark import SparkFiles

from pingan_logic.catalogue import Policy, Setting
from pingan_logic.solving.load_policy import load_policy

__all__ = ["Rules"]


@frozen
class Rules:
    """The rule files of a policy by name, and its settings: a policy that can be sent."""

    name: str
    files: tuple[tuple[str, bytes], ...]
    settings: tuple[Setting, ...]

    @classmethod
    def of(cls, policy: Policy) -> Rules:
        """Return what is to be sent of a policy."""
        files = tuple((path.name, path.read_bytes()) for path in policy.files)
        return cls(policy.name, files, policy.settings)

    def load(self) -> Policy:
        """Return the policy in a worker process, loaded once in each."""
        return _load(self)


@lru_cache(maxsize=4)
def _load(rules: Rules) -> Policy:
    # a folder of Spark's own, which it removes at the end of the job
    folder = Path(tempfile.mkdtemp(dir=SparkFiles.getRootDirectory())) / rules.name
    folder.mkdir()
    for name, content in rules.files:
        (folder / name).write_bytes(content)
    return load_policy(folder, rules.settings)
