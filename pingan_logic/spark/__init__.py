"""Many counties at once on Apache Spark (extra `spark`): DataFrames in, DataFrames out.

The same readers, checks and rules as for one county; see `evaluate_frames`.
"""

from pingan_logic.extras import optional

# told as the other extras are, before the modules below need them
for _part in ("pyspark", "pandas", "pyarrow"):
    optional(_part, "spark", "pingan_logic.spark")

from pingan_logic.spark.frames import Result, evaluate_frames  # noqa: E402

__all__ = ["Result", "evaluate_frames"]
