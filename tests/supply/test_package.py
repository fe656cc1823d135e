"""What is handed over: metadata, versions, extras, container, hooks, bill of materials, site."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import venv
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement

import pingan_logic
from pingan_logic.cli.main import run
from pingan_logic.rules.find import data_folder, policy_names
from tests.policies import copy_policy
from tests.supply.versions import _toml

ROOT = Path(__file__).parents[2]
PROJECT: dict[str, Any] = _toml((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
INSTALLED = re.compile(r'(?:optional\([^)]*?, |install\()"([\w-]+)"')
SEMANTIC = re.compile(r"\d+\.\d+\.\d+")


def test_the_core_is_small_and_every_extra_has_its_own_libraries() -> None:
    core = {Requirement(r).name for r in PROJECT["dependencies"] if "win32" not in r}
    assert core == {"clingo", "attrs", "click", "rich"}
    extras = {
        name: {Requirement(r).name for r in needed}
        for name, needed in PROJECT["optional-dependencies"].items()
    }
    assert extras["xls-ods"] == {"xlwt", "odfpy"}
    assert not extras["xls-ods"] & extras["excel"]
    asked = {
        name
        for path in (ROOT / "pingan_logic").rglob("*.py")
        for name in re.findall(
            r'(?:optional\([^)]*?, |install\()"([\w-]+)"', path.read_text("utf-8")
        )
    }
    assert {"xls-ods", "frames", "excel"} <= asked <= set(extras)


def test_the_metadata_is_complete() -> None:
    assert {"description", "readme", "keywords", "classifiers"} <= set(PROJECT)
    assert "license" not in PROJECT
    assert "Private :: Do Not Upload" in PROJECT["classifiers"]
    named = {c.rpartition(" ")[2] for c in PROJECT["classifiers"] if "Python :: 3." in c}
    assert named == {"3.10", "3.11", "3.12", "3.13", "3.14"}
    assert PROJECT["requires-python"] == ">=3.10"


def test_library_schema_and_policies_have_versions() -> None:
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert pingan_logic.__version__ == PROJECT["version"]
    released = re.findall(r"^## (\d+\.\d+\.\d+)（(\d{4}-\d{2}-\d{2})）", changes, re.MULTILINE)
    assert PROJECT["version"] in [version for version, _ in released]
    for name in policy_names():
        policy = pingan_logic.load_policy(name)
        assert SEMANTIC.fullmatch(policy.version)


def instructions() -> dict[str, list[str]]:
    """Return the arguments of each instruction of the container file, continued lines joined."""
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    found: dict[str, list[str]] = {}
    for line in text.splitlines():
        word, _, rest = line.strip().partition(" ")
        if word.isupper():
            found.setdefault(word, []).append(rest.strip())
    return found


def test_the_container_serves_without_root_and_its_health_check_asks_the_service() -> None:
    found = instructions()
    user, group = found["USER"][-1].split(":")
    assert int(user) > 0
    assert int(group) > 0
    for line in found["COPY"]:
        source = line.split()[-2]
        assert line.startswith("--from") or source == "pyproject.toml" or (ROOT / source).exists()
    extras = re.findall(r"\[([\w,-]+)\]", " ".join(found["RUN"]))
    assert set(extras[0].split(",")) <= set(PROJECT["optional-dependencies"])
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    command = json.loads(found["ENTRYPOINT"][0]) + json.loads(found["CMD"][0])
    county = str(data_folder("facts") / "sample-county")
    said = {"python": sys.executable, "8014": port, "/data": county}
    check = [w.replace(":8014/", f":{port}/") for w in json.loads(
        found["HEALTHCHECK"][0].partition("CMD ")[2])]  # fmt: skip
    check[0] = sys.executable
    clean = {**os.environ, "PINGAN_TOKEN": "0123456789abcdef0123456789abcdef"}
    arguments = [said.get(w, w) for w in command] + ["--workers", "1"]
    with subprocess.Popen(arguments, env=clean, stderr=subprocess.PIPE) as service:
        try:
            for _ in range(600):
                healthy = subprocess.run(check, check=False, capture_output=True).returncode
                if healthy == 0:
                    break
                assert service.poll() is None
                time.sleep(0.2)
            assert healthy == 0
            with pytest.raises(urllib.error.HTTPError, match="401"):
                urllib.request.urlopen(f"http://127.0.0.1:{port}/units")
        finally:
            service.terminate()
    assert subprocess.run(check, check=False, capture_output=True).returncode != 0


def test_the_container_is_built_and_healthy() -> None:
    docker = shutil.which("docker")
    if docker is None or subprocess.run([docker, "info"], capture_output=True).returncode:
        pytest.skip("no container engine is running here")
    subprocess.run([docker, "build", "-q", "-t", "pingan-logic:test", "."], cwd=ROOT, check=True)
    county = data_folder("facts") / "sample-county"
    options = ["--rm", "--read-only", "--tmpfs", "/tmp", "--health-interval=1s"]
    options += ["-e", f"PINGAN_TOKEN={'a' * 32}", "-v", f"{county}:/data:ro"]
    made = [docker, "run", "-d", *options, "pingan-logic:test"]
    name = subprocess.run(made, check=True, capture_output=True, text=True).stdout.strip()
    try:
        for _ in range(120):
            form = "{{.State.Health.Status}} {{.Config.User}}"
            told = subprocess.run(
                [docker, "inspect", "-f", form, name], check=True, capture_output=True, text=True
            ).stdout.split()
            if told[0] == "healthy":
                break
            time.sleep(1)
        assert told == ["healthy", "10001:10001"]
    finally:
        subprocess.run([docker, "kill", name], check=False, capture_output=True)


def test_the_hooks_pass_good_rules_and_stop_bad_ones(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    assert [h["id"] for h in hooks] == ["pingan-lint", "pingan-test"]
    bad = tmp_path / "bad"
    copy_policy(bad)
    for path in (bad / "cases").glob("*.yaml"):
        path.unlink()
    wrong = "- {name: x, units: {户: household}, incidents: [户 gambling], expect: {户: 达标}}"
    (bad / "cases" / "wrong.yaml").write_text(wrong, encoding="utf-8")
    village = bad / "village.lp"
    spoilt = re.sub("85|90|95", "9" * 2, village.read_text(encoding="utf-8")) + "unused(1) :- a.\n"
    for hook in hooks:
        assert hook["entry"].split()[0] in PROJECT["scripts"]
        assert hook["language"] == "python"
        if hook["id"] == "pingan-lint":
            kept = village.read_text(encoding="utf-8")
            village.write_text(spoilt, encoding="utf-8")
        with pytest.raises(SystemExit) as stop:
            run([*hook["entry"].split()[1:], "--policy", str(bad)])
        assert stop.value.code == 1
        if hook["id"] == "pingan-lint":
            village.write_text(kept, encoding="utf-8")
    with pytest.raises(SystemExit) as stop:
        run([*hooks[0]["entry"].split()[1:], "--policy", str(bad)])
    assert stop.value.code == 0
    capsys.readouterr()


def test_a_bill_of_materials_is_made_by_the_documented_command(tmp_path: Path) -> None:
    pytest.importorskip("cyclonedx_py")
    page = (ROOT / "docs" / "dev" / "package.md").read_text(encoding="utf-8")
    (line,) = re.findall(r"^cyclonedx-py (.+) \.venv$", page, re.MULTILINE)
    out = tmp_path / "sbom.json"
    words = [str(out) if w == "sbom.cdx.json" else w for w in line.split()]
    # an environment of a core install: of one with all that tests need it takes half a minute
    venv.create(tmp_path / "env")
    (site,) = (tmp_path / "env").glob("lib/python*/site-packages")
    for name in ("clingo", "attrs", "click", "rich"):
        (said,) = (f for f in distribution(name).files or () if f.name == "METADATA")
        place = Path(str(said.locate())).parent
        (site / place.name).symlink_to(place)
    made = [sys.executable, "-m", "cyclonedx_py", *words, str(tmp_path / "env")]
    subprocess.run(made, cwd=ROOT, check=True, capture_output=True)
    bill = json.loads(out.read_text(encoding="utf-8"))
    assert bill["bomFormat"] == "CycloneDX"
    assert bill["metadata"]["component"]["name"] == "pingan-logic"
    names = {c["name"].lower() for c in bill["components"]}
    assert {"clingo", "attrs", "click", "rich"} <= names


def test_the_site_is_made_of_the_same_pages_and_needs_no_network(tmp_path: Path) -> None:
    pytest.importorskip("mkdocs")
    made = [sys.executable, "-m", "mkdocs", "build", "--strict", "-q", "-d", str(tmp_path / "site")]
    subprocess.run(made, cwd=ROOT, check=True, capture_output=True)
    site = tmp_path / "site"
    pages = {p.relative_to(site).as_posix() for p in site.rglob("*.html")}
    sources = {p.relative_to(ROOT / "docs").with_suffix(".html").as_posix()
               for p in (ROOT / "docs").rglob("*.md") if p.name != "README.md"}  # fmt: skip
    assert sources | {"index.html", "security.html", "changelog.html"} <= pages
    found = json.loads((site / "search" / "search_index.json").read_text(encoding="utf-8"))
    texts = " ".join(d["text"] for d in found["docs"])
    assert "三种结论" in texts
    assert "being met is not the award" in texts.lower()
    assert found["config"]["lang"] == ["en", "zh"]
    loaded = re.compile(r"""<(?:script|link|img)\b[^>]*?(?:src|href)=["'](https?:)?//""")
    for page in site.rglob("*.html"):
        assert not loaded.search(page.read_text(encoding="utf-8")), page
    for style in site.rglob("*.css"):
        assert "url(http" not in style.read_text(encoding="utf-8"), style
