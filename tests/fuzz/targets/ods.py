"""ods (OpenDocument)."""

from __future__ import annotations

import re
from functools import cache

import pingan_logic
from pingan_logic.export.plain_books import to_ods
from tests.fuzz import zips
from tests.fuzz.checks import room, rules
from tests.fuzz.mutate import TOKENS
from tests.fuzz.reading import read
from tests.fuzz.target import Target, target
from tests.intake.books import good_book


@cache
def _whole() -> bytes:
    path = room() / "seed.xlsx"
    good_book().save(path)
    return to_ods(rules(), pingan_logic.load_facts(path, rules()))


@cache
def _good() -> dict[str, bytes]:
    found = zips.parts(_whole())
    # without the styles that the writer always adds, the tables are most of what is mutated
    content = re.sub(rb"<office:automatic-styles>.*?</office:automatic-styles>", b"",
                     found["content.xml"], flags=re.DOTALL)  # fmt: skip
    return {"mimetype": found["mimetype"], "content.xml": content}


def _run(data: bytes) -> None:
    path = room() / "book.ods"
    path.write_bytes(zips.pack(data, _good()))
    read(path, data)


_MORE = (
    *(b' table:number-rows-repeated="1048576"', b' table:number-columns-repeated="16384"'),
    *(b' table:number-columns-spanned="99999999"', b' table:formula="of:=1+1"', b"<table:table>"),
    *(b' table:number-rows-spanned="-5"', b'<text:s text:c="99999999"/>', b"<text:span>" * 100),
    *(b' office:value-type="float" office:value="inf"', b' office:value="nan"', b"<text:p>"),
    *(b' office:value-type="date" office:date-value="2014-05-01T00:00:00+08:00"', b"</text:p>"),
    *(b' office:value-type="percentage"', b' office:value-type="time"', b"<table:table-row/>"),
    *(b"<table:covered-table-cell/>", b'<!DOCTYPE a [<!ENTITY b "c">]>', b"&b;", b"&#55296;"),
    b' table:visibility="collapse"',
)

target(Target("ods", lambda: zips.seeds(_good(), _whole()), _run, (*TOKENS, *_MORE), weight=50))
