"""Facts to a file, folder or database of any format, told by its name, and read back to be sure."""

from __future__ import annotations

from pathlib import Path

from pingan_logic.catalogue import Policy
from pingan_logic.errors import InputError, Problem, RequestError
from pingan_logic.export.csv_folder import write_folder
from pingan_logic.export.database import write_database
from pingan_logic.export.json_document import to_document
from pingan_logic.export.plain_books import to_ods, to_xls
from pingan_logic.export.xlsx import to_xlsx
from pingan_logic.files import LEFTOVER, replace_file
from pingan_logic.intake.database_url import is_url
from pingan_logic.intake.load import load_facts
from pingan_logic.intake.source import Watch
from pingan_logic.model import Facts

__all__ = ["check_target", "refuse_existing", "write_facts"]

_SUFFIXES = (".xlsx", ".xls", ".ods", ".json")


def write_facts(
    facts: Facts,
    target: str,
    policy: Policy,
    *,
    lang: str = "zh",
    encoding: str = "utf-8-sig",
    overwrite: bool = False,
    watch: Watch | None = None,
) -> None:
    """Write `facts` to `target`, read back before it is put in place.

    `target` is a workbook (.xlsx .xls .ods), a .json document, the URL of a database, or a folder
    for CSV files in `encoding`. Raises RequestError when it is there already and not to be
    overwritten, cannot be written, or does not read back as the same facts.
    """
    check_target(target, overwrite=overwrite)
    path = Path(target)
    suffix = path.suffix.lower()

    def check(written: str | Path) -> None:
        try:
            back = load_facts(written, policy)
        except InputError:
            if encoding != "gb18030":
                raise
            raise RequestError(
                [
                    Problem(
                        target,
                        "这些文字写成 gb18030 后无法确定编码，没有保存；请用 utf-8-sig",
                        "written in gb18030, the encoding of these texts cannot be told; it was "
                        "not kept: use utf-8-sig",
                        encoding,
                    )
                ]
            ) from None
        if back != facts:
            raise RequestError(
                [
                    Problem(
                        target,
                        "写出后读回的数据与原数据不同，没有保存",
                        "what was written does not read back as the same data; it was not kept",
                    )
                ]
            )

    def put(content: bytes) -> None:
        replace_file(path, content, check, overwrite=overwrite)

    if is_url(target):
        write_database(facts, target, overwrite=overwrite, check=check)
    elif suffix == ".xlsx":
        put(to_xlsx(policy, facts, lang, watch, path.name))
    elif suffix == ".xls":
        put(to_xls(policy, facts, lang))
    elif suffix == ".ods":
        put(to_ods(policy, facts, lang))
    elif suffix == ".json":
        put(to_document(facts).encode())
    else:
        write_folder(facts, path, encoding, check)


def check_target(target: str, *, overwrite: bool) -> bool:
    """Refuse a target that has no known format or is there already; say whether it is a folder.

    Raises RequestError.
    """
    if is_url(target):
        return False
    path = Path(target)
    suffix = path.suffix.lower()
    if suffix not in _SUFFIXES and suffix and not path.is_dir():
        raise RequestError(
            [
                Problem(
                    target,
                    f"不认识的格式，应为 {'、'.join(_SUFFIXES)}、文件夹（CSV）或数据库地址",
                    f"unknown format; expected {', '.join(_SUFFIXES)}, a folder (CSV) or a "
                    "database URL",
                    suffix,
                )
            ]
        )
    entries = path.iterdir() if path.is_dir() else [path] if path.exists() else []
    there = any(LEFTOVER not in p.name for p in entries)
    if there and not overwrite:
        refuse_existing(target)
    return suffix not in _SUFFIXES


def refuse_existing(target: str) -> None:
    """Raise the RequestError of a file that is there already."""
    raise RequestError(
        [
            Problem(
                target,
                "已存在，不覆盖；要替换请加 --overwrite",
                "is there already and is not overwritten; --overwrite replaces it",
            )
        ]
    )
