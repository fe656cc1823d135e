"""Without the extra the package says what to install, and the rest of the library works."""

from __future__ import annotations

import subprocess
import sys

CODE = """
import sys
sys.modules["pyspark"] = None
import pingan_logic
try:
    import pingan_logic.spark
except pingan_logic.RequestError as error:
    print(error.words("en"))
"""


def test_a_missing_extra_is_named() -> None:
    said = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, check=True)
    assert '[spark]"' in said.stdout
    assert "pip install" in said.stdout
