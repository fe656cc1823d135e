"""Runs the core of the tests with the lowest or the highest versions of all dependencies.

    python -m tests.supply.versions lowest --python 3.10
    python -m tests.supply.versions lowest --python 3.11 --readers
    python -m tests.supply.versions highest --python 3.13 --more

`lowest` installs exactly the minimums that pyproject.toml states, `highest` the newest that it
allows; the tools that test (pytest, hypothesis) are the newest in both. `--readers` runs everything
that reads data, and no more. Interpreters are looked for on the path and among those of pyenv; one
that is not there is skipped, with exit status 0.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from packaging.markers import default_environment
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
EXTRAS = ("excel", "xls-ods", "sql", "mysql", "desk", "report", "server")
TOOLS = ("pytest", "pytest-xdist", "hypothesis", "jsonschema", "coverage")
READERS = (
    "tests/intake", "tests/core",
    # of a checkout
    "--ignore=tests/core/test_find.py", "--ignore=tests/core/test_structure.py",
    "--ignore=tests/core/test_notice_words.py",
    "--ignore=tests/core/test_report_values.py",  # writes, by the newest python-docx
)  # fmt: skip
CORE = ("tests/library/test_library.py", "tests/cli/test_cli.py", "tests/supply/core.py")
MORE = (
    "tests/policy/test_policy.py",
    "tests/faults/test_bad_input.py",
    "tests/cases/test_cases.py",
    "tests/intake/test_formats.py",
    "tests/intake/test_commands.py",
)


def requirements(python: str) -> list[Requirement]:
    """Return what the project and its extras need on this version of Python."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    project = _toml(text)["project"]
    lists = [project["dependencies"], *(project["optional-dependencies"][e] for e in EXTRAS)]
    environment = {**default_environment(), "python_version": python}
    found = [Requirement(line) for lines in lists for line in lines]
    return [r for r in found if r.marker is None or r.marker.evaluate(environment)]


def _toml(text: str) -> dict[str, dict[str, object]]:
    try:
        import tomllib
    except ImportError:
        import tomli as tomllib
    return tomllib.loads(text)


def lowest(found: list[Requirement]) -> Iterator[str]:
    """Yield the requirements at the lowest versions that they allow."""
    for r in found:
        bounds = {s.operator: s.version for s in r.specifier}
        extras = f"[{','.join(sorted(r.extras))}]" if r.extras else ""
        yield f"{r.name}{extras}=={bounds['>=']}"


def interpreter(version: str) -> str | None:
    """Return the path of a Python, None when this machine has none of that version."""
    known = sorted(Path.home().glob(f".pyenv/versions/{version}.*/bin/python"))
    return shutil.which(f"python{version}") if not known else str(known[-1])


def main() -> int:
    """Make the environment and run the tests in it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("end", choices=["lowest", "highest"])
    parser.add_argument("--python", default="3.10")
    parser.add_argument("--more", action="store_true", help="more than the core of the tests")
    parser.add_argument("--readers", action="store_true", help="the tests of all that reads data")
    options = parser.parse_args()
    python = interpreter(options.python)
    if python is None:
        print(f"no Python {options.python} here: skipped")
        return 0
    needed = requirements(options.python)
    pins = sorted(set(lowest(needed))) if options.end == "lowest" else sorted(map(str, needed))
    with tempfile.TemporaryDirectory(prefix="pingan-versions-") as folder:
        subprocess.run([python, "-m", "venv", folder], check=True)
        mine = f"{folder}/bin/python"
        pip = [mine, "-m", "pip", "--disable-pip-version-check"]
        # what is imported is compiled then; to compile all of it takes longer
        install = [*pip, "install", "-q", "--no-compile"]
        subprocess.run([*install, *pins, *TOOLS, str(ROOT)], check=True)
        shown = subprocess.run(
            [mine, "-m", "pip", "list", "--format=freeze"], check=True, capture_output=True,
            text=True,
        )  # fmt: skip
        names = {r.name.lower().replace("_", "-") for r in needed}
        kept = [line for line in shown.stdout.split()
                if line.split("==")[0].lower().replace("_", "-") in names]  # fmt: skip
        print(f"Python {options.python}, {options.end}: {' '.join(kept)}")
        # the installed package is tested, not the checkout
        shutil.copytree(ROOT / "tests", f"{folder}/run/tests")
        for name in ("docs", "policies", "facts", *(p.name for p in ROOT.glob("*.md"))):
            Path(f"{folder}/run/{name}").symlink_to(ROOT / name)
        test = [mine, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-n", "2"]
        chosen = (*CORE, *MORE) if options.more else CORE
        chosen = READERS if options.readers else chosen
        # not everything that tests need is installed here, so a skipped test is no failure
        environment = {name: value for name, value in os.environ.items() if name != "CI"}
        run = subprocess.run([*test, *chosen], cwd=f"{folder}/run", env=environment, check=False)
        return run.returncode


if __name__ == "__main__":
    sys.exit(main())
