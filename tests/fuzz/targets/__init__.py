"""One module per reader or output; importing this package registers them all."""

from tests.fuzz.targets import (
    address,
    canary,
    cases,
    change,
    csv_folder,
    http,
    json_document,
    names,
    ods,
    outputs,
    page,
    policy,
    settings,
    sqlite,
    xls,
    xlsx,
)

__all__ = [
    "address",
    "canary",
    "cases",
    "change",
    "csv_folder",
    "http",
    "json_document",
    "names",
    "ods",
    "outputs",
    "page",
    "policy",
    "settings",
    "sqlite",
    "xls",
    "xlsx",
]
