"""An executor is killed in the middle of a job: nothing is lost and nothing doubled."""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from pingan_logic import Policy
from tests.spark import nation
from tests.worlds import County, random_county

pytest.importorskip("pyspark", reason="needs pip install 'pingan-logic[spark]'")

from pingan_logic.spark import evaluate_frames

YEAR = 2014
COUNTIES = 24


def executors(spark: Any) -> list[int]:
    """Return the ids of the executor processes of this application."""
    application = spark.sparkContext.applicationId.encode()
    found = []
    for process in Path("/proc").iterdir():
        if process.name.isdigit():
            try:
                command = (process / "cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            # the executor itself, not the script that starts it
            if application in command and b"--executor-id" in command and b"-cp" in command:
                found.append(int(process.name))
    return found


def judging(spark: Any) -> Any:
    """Return the stage that judges, once some of its tasks are done and others run."""
    tracker = spark.sparkContext.statusTracker()
    for stage in tracker.getActiveStageIds():
        info = tracker.getStageInfo(stage)
        if (
            info
            and info.numTasks == COUNTIES + 1
            and info.numCompletedTasks
            and info.numActiveTasks
        ):
            return stage
    return None


def test_an_executor_killed_during_the_job_changes_nothing(
    spark: Any, policy: Policy, tmp_path: Path
) -> None:
    data: dict[str | None, County] = {
        f"{430000 + n}": random_county(random.Random(n)) for n in range(COUNTIES)
    }
    alone = {c: nation.judge(d, policy, tmp_path, YEAR) for c, d in data.items()}
    result = evaluate_frames(**nation.frames(spark, data), year=YEAR)
    found: list[Counter[tuple[Any, ...]]] = []
    job = threading.Thread(target=lambda: found.append(nation.rows(result.verdicts)))
    before = executors(spark)
    assert len(before) == 2
    job.start()
    stage = None
    while job.is_alive() and (stage := judging(spark)) is None:
        time.sleep(0.02)
    assert stage is not None, "the job was over before anything could be killed"
    os.kill(before[0], signal.SIGKILL)
    job.join(timeout=120)
    assert found, "the job did not end"
    assert found[0] == Counter(r for c, a in alone.items() for r in nation.verdicts(c, a))
    again = spark.sparkContext.statusTracker().getStageInfo(stage)
    assert again.currentAttemptId > 0, "the killed executor had no part in the job"
    # what it had kept of the answers is gone with it, and is made again
    expected = Counter(r for c, a in alone.items() for r in nation.findings(c, a))
    assert nation.rows(result.findings) == expected
    assert set(executors(spark)) != set(before)
    result.unpersist()
