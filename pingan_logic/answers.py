"""JSON Schemas of the answers: one definition for the command line's `--json` and the service.

`python -m pingan_logic.answers > docs/answers.schema.json` writes them; a test says when stale. One
module because it is one table, the shape of one answer after the other.
"""

from __future__ import annotations

import json
from typing import Any

from pingan_logic.figures import SCHEMA

__all__ = ["ANSWERS", "answers_schema"]

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
WHOLE: Schema = {"type": "integer"}
FLAG: Schema = {"type": "boolean"}
VALUE: Schema = {"type": ["integer", "string"]}
TEXTS: Schema = {"type": "array", "items": TEXT}
STATUS: Schema = {"enum": ["met", "failed", "undetermined"]}


def maybe(schema: Schema) -> Schema:
    """Allow null too."""
    return {"anyOf": [schema, {"type": "null"}]}


def rows(schema: Schema) -> Schema:
    """Return a list of `schema`."""
    return {"type": "array", "items": schema}


_OF_LEVELS = (
    "level",
    "next_level",
    "levels",
    "level_of",
    "to_level",
    "level_before",
    "level_after",
)


def record(fields: dict[str, Schema], optional: tuple[str, ...] = ()) -> Schema:
    """Return an object with just these fields; all but `optional` are always there, and those of
    levels where there are some, and the period where it is no calendar year."""
    return {
        "type": "object",
        "properties": fields,
        "required": [f for f in fields if f not in (*optional, *_OF_LEVELS, "period")],
        "additionalProperties": False,
    }


def named(name: str) -> Schema:
    """Refer to a definition."""
    return {"$ref": f"#/$defs/{name}"}


MEASURES = ["members", "hundredths", "ranks", "incidents", "value"]
"""What a figure may count."""
UNIT = record({"id": TEXT, "kind": TEXT, "name": TEXT})
FRACTION = record({"numerator": WHOLE, "denominator": WHOLE})
RATE = record({"low": WHOLE, "high": WHOLE, "of": WHOLE})
FIGURES = record(
    {
        "measure": {"enum": [*MEASURES, "rate"]},
        "low": maybe(WHOLE),
        "high": maybe(WHOLE),
        "of": maybe(WHOLE),
        "least": {"anyOf": [named("fraction"), WHOLE, {"type": "null"}]},
        "most": {"anyOf": [named("fraction"), WHOLE, {"type": "null"}]},
    }
)
SHARE = {"pattern": r"^\d+(\.\.\d+)?/\d+(=.*)?$", "type": "string"}
FINDING_FIELDS = {
    "clause": TEXT,
    "source": TEXT,
    "text": TEXT,
    "status": STATUS,
    "measured": maybe(TEXT),
    "required": TEXT,
    "figures": maybe(named("figures")),
    "evidence": TEXTS,
    "missing": TEXTS,
    "basis": TEXT,
    "parts": rows(named("finding")),
    "short": WHOLE,
    "missing_then": rows(record({"year": WHOLE, "item": TEXT})),
    "blockers": rows(named("blocker")),
}
SUMMARY = record(
    {
        "kind": TEXT,
        "counted": WHOLE,
        "met": WHOLE,
        "failed": WHOLE,
        "undetermined": WHOLE,
        "rate": maybe(named("rate")),
        "rate_text": maybe(SHARE),
        "target": maybe(named("fraction")),
        "target_text": maybe(TEXT),
        "level_of": TEXT,
    }
)
LEVELS: Schema = {
    "level": maybe(TEXT),
    "next_level": maybe(TEXT),
    "levels": {"type": "object", "additionalProperties": STATUS},
}
"""Where a unit stands that is judged by levels."""
PERIOD = record({"begins": TEXT, "ends": TEXT})
"""The first and the last day of what is judged, where that is no calendar year."""
HEAD = {
    "schema": {"const": SCHEMA},
    "policy": TEXT,
    "year": WHOLE,
    "period": PERIOD,
    "unit": named("unit"),
    "status": STATUS,
    **LEVELS,
}
ASKED = {**HEAD, "assumes": TEXTS}
"""The head of an answer about one unit that can speak of the end of an unfinished year."""
DEFINITIONS: dict[str, Schema] = {
    "fraction": FRACTION,
    "rate": RATE,
    "figures": FIGURES,
    "unit": UNIT,
    "finding": record(FINDING_FIELDS, ("short", "missing_then", "blockers")),
    "blocker": record(
        {
            "id": TEXT,
            "kind": TEXT,
            "name": TEXT,
            "status": STATUS,
            **LEVELS,
            "findings": rows(named("finding")),
        }
    ),
    "summary": SUMMARY,
    "change": record(
        {
            "action": TEXT,
            "unit": maybe(TEXT),
            "item": maybe(TEXT),
            "incident": maybe(TEXT),
            "clause": maybe(TEXT),
            "before": maybe(TEXT),
            "after": maybe(TEXT),
            "cost": WHOLE,
            "at_year_end": FLAG,
            "year": WHOLE,
        },
        ("year",),
    ),
    "attainment": record(
        {
            "kind": TEXT,
            "scope": maybe(TEXT),
            "counted": WHOLE,
            "met": WHOLE,
            "failed": WHOLE,
            "undetermined": WHOLE,
            "rate": maybe(named("rate")),
            "rate_text": maybe(SHARE),
            "target": maybe(named("fraction")),
            "short": WHOLE,
            "result": {"enum": ["proven_met", "proven_missed", "open", "no_target", "no_units"]},
        }
    ),
    "comparison": record(
        {
            "flips": rows(
                record(
                    {
                        "unit": TEXT,
                        "kind": TEXT,
                        "before": STATUS,
                        "after": STATUS,
                        "level_before": maybe(TEXT),
                        "level_after": maybe(TEXT),
                        "clauses": TEXTS,
                    }
                )
            ),
            "counts": rows(record({"before": TEXT, "after": TEXT, "units": WHOLE})),
            "differences": rows(
                record(
                    {
                        "unit": TEXT,
                        "kind": TEXT,
                        "standards": rows(
                            record(
                                {"standard": TEXT, "before": maybe(STATUS), "after": maybe(STATUS)}
                            )
                        ),
                        "clauses": rows(
                            record({"clause": TEXT, "before": STATUS, "after": STATUS})
                        ),
                    }
                )
            ),
            "only_before": TEXTS,
            "only_after": TEXTS,
        }
    ),
}
_SEARCHED = ("atoms", "constraints", "choices", "conflicts")
_COMPARED = DEFINITIONS["comparison"]["properties"]
LINE: Schema = {
    "id": TEXT,
    "kind": TEXT,
    "status": STATUS,
    **LEVELS,
    "failed": TEXTS,
    "undetermined": TEXTS,
    "standards": TEXTS,
}
"""What the county's list says of a unit."""

ANSWERS: dict[str, Schema] = {
    "evaluate": record(
        {
            "schema": {"const": SCHEMA},
            "policy": TEXT,
            "year": WHOLE,
            "period": PERIOD,
            "preliminary": FLAG,
            "summary": rows(named("summary")),
            "units": rows(record(LINE)),
            "notices": rows(record({"notice": TEXT, "id": TEXT})),
        }
    ),
    "explain": record(
        {
            **HEAD,
            "status": maybe(STATUS),
            "preliminary": FLAG,
            "findings": rows(named("finding")),
            "standards": TEXTS,
            "to_come": TEXTS,
            "accountability": TEXTS,
            "bodies": {
                "type": "object",
                "additionalProperties": {"type": "object", "additionalProperties": TEXT},
            },
            "summary": record(
                {
                    "by_kind": rows(named("summary")),
                    "by_township": rows(
                        record(
                            {
                                "id": TEXT,
                                "name": TEXT,
                                "status": maybe(STATUS),
                                "by_kind": rows(named("summary")),
                            }
                        )
                    ),
                }
            ),
        },
        ("standards", "to_come", "accountability", "bodies", "summary"),
    ),
    "fix": record(
        {
            **ASKED,
            "to_level": TEXT,
            "feasible": maybe(FLAG),
            "proven": FLAG,
            "cost": maybe(WHOLE),
            "lower_bound": WHOLE,
            "changes": rows(named("change")),
            "alternatives": rows(record({"cost": WHOLE, "changes": rows(named("change"))})),
            "obstacles": rows(
                record(
                    {
                        "clause": TEXT,
                        "source": TEXT,
                        "text": TEXT,
                        "incidents": TEXTS,
                        "needed": maybe(WHOLE),
                        "repairable": maybe(WHOLE),
                        "barred": WHOLE,
                        "members": rows(record({"clause": TEXT, "units": WHOLE})),
                    }
                )
            ),
            "obstacles_complete": FLAG,
            "unanswered": TEXTS,
            "waiting": TEXTS,
            "first_year": maybe(WHOLE),
            "first_year_after": maybe(WHOLE),
        },
        ("waiting",),
    ),
    "margin": record(
        {
            **ASKED,
            "losses": rows(
                record({"kind": TEXT, "spare": maybe(WHOLE), "topple": TEXTS, "proven": FLAG})
            ),
            "cascade": maybe(record({"unit": TEXT, "falls": TEXTS, "proven": FLAG})),
            "distances": rows(
                record(
                    {
                        "clause": TEXT,
                        "status": STATUS,
                        "measured": maybe(TEXT),
                        "required": TEXT,
                        "measure": {"enum": [*MEASURES, "parts"]},
                        "spare": maybe(WHOLE),
                        "figures": maybe(named("figures")),
                        "matters": rows(
                            record(
                                {
                                    "matter": TEXT,
                                    "measured": maybe(TEXT),
                                    "required": TEXT,
                                    "spare": maybe(WHOLE),
                                    "proven": FLAG,
                                }
                            )
                        ),
                    }
                )
            ),
            "proven": FLAG,
        }
    ),
    "missing": record(
        {
            **ASKED,
            "records": rows(
                record(
                    {
                        "record": TEXT,
                        "unit": maybe(TEXT),
                        "item": maybe(TEXT),
                        "incident": maybe(TEXT),
                        "year": maybe(WHOLE),
                        "effect": {"enum": ["fail", "meet", "either", "none", "unknown"]},
                        "at_year_end": FLAG,
                    }
                )
            ),
            "unsettled": rows(record({"clause": TEXT, "unit": TEXT})),
            "proven": FLAG,
            "lower_bound": WHOLE,
            "decides": FLAG,
        }
    ),
    "programme": record(
        {
            "schema": {"const": SCHEMA},
            "policy": TEXT,
            "year": WHOLE,
            "period": PERIOD,
            "preliminary": FLAG,
            "programme_years": rows(WHOLE),
            "final": FLAG,
            "attainment": rows(named("attainment")),
            "trend": rows(
                record(
                    {
                        "year": WHOLE,
                        "preliminary": FLAG,
                        "attainment": rows(named("attainment")),
                    }
                )
            ),
            "rosters": rows(
                record(
                    {
                        "body": TEXT,
                        "body_name": TEXT,
                        "office": maybe(TEXT),
                        "office_name": maybe(TEXT),
                        "role": TEXT,
                        "kind": TEXT,
                        "count": WHOLE,
                        "units": TEXTS,
                    }
                )
            ),
        }
    ),
    "check": record(
        {
            "schema": {"const": SCHEMA},
            "ok": FLAG,
            "problems": rows(
                record(
                    {
                        "place": TEXT,
                        "sheet": TEXT,
                        "row": WHOLE,
                        "cell": TEXT,
                        "problem": TEXT,
                        "found": maybe(TEXT),
                        "nearest": maybe(TEXT),
                    },
                    ("sheet", "row", "cell"),
                )
            ),
            "more_problems": WHOLE,
            "rows": {"type": "object", "additionalProperties": WHOLE},
            "notices": rows(record({"notice": TEXT, "id": TEXT})),
            "since": rows({"type": "object"}),
        },
        ("since",),
    ),
    "units": record(
        {
            "schema": {"const": SCHEMA},
            "policy": TEXT,
            "year": WHOLE,
            "preliminary": FLAG,
            "total": WHOLE,
            "page": WHOLE,
            "size": WHOLE,
            "units": rows(
                record(
                    {
                        **LINE,
                        "name": TEXT,
                        "parent": maybe(TEXT),
                    }
                )
            ),
        }
    ),
    "rules": record(
        {
            "schema": {"const": SCHEMA},
            "policy": TEXT,
            "version": TEXT,
            "notice": TEXT,
            "programme_years": rows(WHOLE),
            "kinds": rows(record({"id": TEXT, "name": TEXT, "judged": FLAG, "level_of": TEXT})),
            "clauses": rows(
                record(
                    {
                        "clause": TEXT,
                        "kind": TEXT,
                        "source": TEXT,
                        "text": TEXT,
                        "members": rows(TEXT),
                        "threshold": maybe(named("fraction")),
                        "mark": maybe(named("fraction")),
                        "prohibitions": rows(record({"matter": TEXT, "test": TEXT, "text": TEXT})),
                    }
                )
            ),
            "targets": rows(record({"kind": TEXT, "share": named("fraction")})),
            "switches": rows(record({"switch": TEXT, "value": VALUE, "values": rows(VALUE)})),
            "readings": rows(record({"number": WHOLE, "name": TEXT, "text": TEXT})),
        }
    ),
    "expand": record(
        {"schema": {"const": SCHEMA}, "policy": TEXT, "version": TEXT, "program": TEXT}
    ),
    "show": record(
        {
            "schema": {"const": SCHEMA},
            "policy": TEXT,
            "version": TEXT,
            "levels": rows(
                record({"standard": TEXT, "kind": TEXT, "rank": WHOLE, "includes": TEXTS})
            ),
            "clauses": rows(
                record({"clause": TEXT, "kind": TEXT, "source": TEXT, "text": TEXT, "said": TEXT})
            ),
        }
    ),
    "params": record(
        {
            "schema": {"const": SCHEMA},
            "policy": TEXT,
            "version": TEXT,
            "params": rows(
                record(
                    {
                        "kind": {
                            "enum": [
                                "threshold",
                                "pass_mark",
                                "target",
                                "switch",
                                "cost",
                                "asks_for",
                                "best_of",
                                "looks_back",
                            ]
                        },
                        "name": TEXT,
                        "value": {"anyOf": [named("fraction"), WHOLE, TEXT]},
                        "value_text": TEXT,
                        "clause": maybe(TEXT),
                        "source": maybe(TEXT),
                        "file": TEXT,
                        "line": WHOLE,
                        "words": TEXT,
                    }
                )
            ),
        }
    ),
    "whatif": record({"schema": {"const": SCHEMA}, "before": TEXT, "after": TEXT, **_COMPARED}),
    "switches": record(
        {
            "schema": {"const": SCHEMA},
            "switches": rows(
                record({"switch": TEXT, "value": TEXT, "other": TEXT, "units": WHOLE, **_COMPARED})
            ),
        }
    ),
    "audit": record(
        {
            "schema": {"const": SCHEMA},
            "policy": TEXT,
            "orphans": rows(record({"what": TEXT, "problem": TEXT})),
            "paragraphs": rows(
                record(
                    {
                        "place": TEXT,
                        "text": TEXT,
                        "entries": rows(
                            record(
                                {
                                    "text": TEXT,
                                    "state": {
                                        "enum": ["rule", "human", "scope", "joining", "orphan"]
                                    },
                                    "subject": TEXT,
                                    "rules": rows(record({"file": TEXT, "line": WHOLE})),
                                    "tests": TEXTS,
                                    "reason": TEXT,
                                }
                            )
                        ),
                    }
                )
            ),
        }
    ),
    "lint": record(
        {
            "schema": {"const": SCHEMA},
            "findings": rows(
                record(
                    {"file": TEXT, "line": WHOLE, "column": WHOLE, "rule": TEXT, "message": TEXT}
                )
            ),
        }
    ),
    "test": record(
        {
            "schema": {"const": SCHEMA},
            "policy": TEXT,
            "passed": WHOLE,
            "failed": rows(
                record(
                    {
                        "name": TEXT,
                        "file": TEXT,
                        "line": WHOLE,
                        "differences": rows(
                            record({"what": TEXT, "expected": TEXT, "actual": TEXT})
                        ),
                    }
                )
            ),
            "coverage": record(
                {
                    "covered": WHOLE,
                    "total": WHOLE,
                    "percent": TEXT,
                    "missing": rows(record({"clause": TEXT, "status": STATUS})),
                }
            ),
        }
    ),
    "verify": record(
        {
            "schema": {"const": SCHEMA},
            "policy": TEXT,
            "as_expected": FLAG,
            "seconds": {"type": "number"},
            "properties": rows(
                record(
                    {
                        "name": TEXT,
                        "statement": TEXT,
                        "clauses": TEXTS,
                        "result": {"enum": ["holds", "refuted", "unfinished", "mixed"]},
                        "as_expected": FLAG,
                        "bound": record(
                            {
                                "n": WHOLE,
                                "units": {"type": "object", "additionalProperties": WHOLE},
                                "incidents": WHOLE,
                            }
                        ),
                        "search": record(dict.fromkeys(_SEARCHED, WHOLE)),
                        "seconds": {"type": "number"},
                        "aims": rows(
                            record(
                                {
                                    "aim": TEXT,
                                    "statement": maybe(TEXT),
                                    "about": TEXTS,
                                    "expected": TEXT,
                                    "result": TEXT,
                                    "smallest": FLAG,
                                    "subjects": TEXTS,
                                    "worlds": rows(
                                        record(
                                            {
                                                "units": WHOLE,
                                                "incidents": WHOLE,
                                                "facts": maybe(TEXT),
                                                "year": WHOLE,
                                                "as_of": maybe(TEXT),
                                                "replay": maybe(TEXT),
                                            }
                                        )
                                    ),
                                }
                            )
                        ),
                    }
                )
            ),
        }
    ),
    "certificate": record({"schema": {"const": SCHEMA}, "lines": rows({"type": "object"})}),
    "problem": record(
        {
            "type": TEXT,
            "title": TEXT,
            "status": WHOLE,
            "detail": TEXT,
            "problems": rows(
                record(
                    {"place": TEXT, "message": TEXT, "found": maybe(TEXT), "nearest": maybe(TEXT)}
                )
            ),
        },
        ("problems",),
    ),
}
"""The answers by the name of the command that gives them; `problem` is RFC 9457."""


def answers_schema() -> Schema:
    """Return all answers as one JSON Schema document."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "pingan_logic answers",
        "$defs": {**DEFINITIONS, **ANSWERS},
    }


if __name__ == "__main__":
    print(json.dumps(answers_schema(), ensure_ascii=False, indent=1))
