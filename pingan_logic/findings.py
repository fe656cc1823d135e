"""Findings in the forms that other tools read: SARIF, GitHub's annotations, JUnit XML.

SARIF is the OASIS standard "Static Analysis Results Interchange Format" 2.1.0.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree

from attrs import frozen

from pingan_logic.json_text import to_json

__all__ = ["FORMATS", "Remark", "github", "junit_xml", "sarif", "written", "xml_text"]

FORMATS = ("text", "json", "sarif", "github", "junit")
"""What findings can be written as."""

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json"


@frozen
class Remark:
    """One finding: its file as it is to be found from here, line and column from 1, the rule that
    it breaks with what this is about, and what is wrong."""

    file: str
    line: int
    column: int
    rule: str
    about: str
    text: str


def written(found: Sequence[Remark], form: str, tool: str, passed: Sequence[str]) -> str:
    """Return findings of a `tool` as sarif, github or junit; `passed` are the rules without any."""
    if form == "sarif":
        return to_json(sarif(found, tool))
    if form == "github":
        return github(found)
    return junit_xml(found, passed, tool).decode()


def sarif(found: Sequence[Remark], tool: str) -> dict[str, Any]:
    """Return a SARIF log of a `tool` of this program."""
    from importlib.metadata import version  # slow to import, and most runs write no such log

    about = {r.rule: r.about for r in found}
    rules = sorted(about)
    return {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": f"pingan_logic {tool}",
                        "semanticVersion": version("pingan-logic"),
                        "rules": [{"id": r, "shortDescription": {"text": about[r]}} for r in rules],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "results": [
                    {
                        "ruleId": r.rule,
                        "ruleIndex": rules.index(r.rule),
                        "level": "error",
                        "message": {"text": r.text},
                        "locations": [
                            {
                                "physicalLocation": {
                                    "artifactLocation": {"uri": _uri(r.file)},
                                    "region": {"startLine": r.line, "startColumn": r.column},
                                }
                            }
                        ],
                    }
                    for r in found
                ],
            }
        ],
    }


def _uri(file: str) -> str:
    path = Path(file)
    return path.as_uri() if path.is_absolute() else quote(path.as_posix())


def github(found: Sequence[Remark]) -> str:
    """Return workflow commands with which GitHub marks the lines of a change."""
    lines = (
        f"::error file={_property(r.file)},line={r.line},col={r.column},"
        f"title={_property(r.rule)}::{_data(r.text)}\n"
        for r in found
    )
    return "".join(lines)


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def junit_xml(found: Sequence[Remark], passed: Sequence[str], suite: str) -> bytes:
    """Return JUnit XML: a failed case for each finding, one for each of what `passed`."""
    root = ElementTree.Element("testsuites")
    total = str(len(found) + len(passed))
    counts = {"tests": total, "failures": str(len(found)), "errors": "0"}
    top = ElementTree.SubElement(root, "testsuite", {"name": suite, **counts})
    for name in passed:
        ElementTree.SubElement(top, "testcase", {"classname": suite, "name": xml_text(name)})
    for r in found:
        name = xml_text(f"{r.rule} {r.file}:{r.line}:{r.column}")
        case = ElementTree.SubElement(top, "testcase", {"classname": suite, "name": name})
        failure = ElementTree.SubElement(case, "failure", {"message": xml_text(r.text)})
        failure.text = xml_text(f"{r.file}:{r.line}:{r.column}: {r.text}")
    ElementTree.indent(root)
    text: bytes = ElementTree.tostring(root, "utf-8", xml_declaration=True)
    return text + b"\n"


def xml_text(text: str) -> str:
    """Return a text without characters that XML cannot hold."""
    return "".join(c for c in text if c in "\t\n" or (c >= " " and not "\ufffe" <= c <= "\uffff"))
