"""xls (Excel 97-2003): the file, or the stream of records inside it."""

from __future__ import annotations

import pingan_logic
from pingan_logic.export.plain_books import to_xls
from tests.fuzz.checks import room, rules
from tests.fuzz.mutate import MOST, TOKENS
from tests.fuzz.reading import read
from tests.fuzz.target import Target, target
from tests.intake.books import good_book


def _seeds() -> list[bytes]:
    import xlrd
    import xlwt

    path = room() / "seed.xlsx"
    good_book().save(path)
    facts = pingan_logic.load_facts(path, rules())
    whole = to_xls(rules(), facts)
    stream = bytes(xlrd.compdoc.CompDoc(whole).get_named_stream("Workbook"))
    small = xlwt.Workbook()
    sheet = small.add_sheet("单位")
    day = xlwt.easyxf(num_format_str="yyyy-mm-dd")
    for row, cells in enumerate((("编号", "类别", "名称", "上级", "设立日期"),
                                 ("H", "household", "", "", 41000))):  # fmt: skip
        for column, cell in enumerate(cells):
            sheet.write(row, column, cell, day if cell == 41000 else xlwt.Style.default_style)
    sheet.write(2, 0, xlwt.Formula("1/0"))
    sheet.write_merge(3, 4, 0, 1, "x")
    path = room() / "small.xls"
    small.save(str(path))
    smallest = bytes(xlrd.compdoc.CompDoc(path.read_bytes()).get_named_stream("Workbook"))
    return [whole[:MOST], stream[:MOST], smallest, path.read_bytes()[:MOST]]


def _run(data: bytes) -> None:
    path = room() / "book.xls"
    path.write_bytes(data)
    read(path, data)


_MORE = (
    *(b"\x00\x00", b"\xff\xff", b"\xff\xff\xff\xff", b"\x00\x00\xf0\x7f", b"\x00\x00\xf8\x7f"),
    *(b"\x09\x08\x10\x00", b"\x0a\x00\x00\x00", b"\xfd\x00\x0a\x00", b"\x03\x02\x0e\x00"),
    *(b"\xe5\x00\x0a\x00\x01\x00\x00\x00\xff\xff\x00\x00\xff\x00", b"\xbe\x00", b"\x06\x00"),
)

target(Target("xls", _seeds, _run, (*TOKENS, *_MORE), weight=18))
