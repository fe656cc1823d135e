"""Facts to plain workbooks of the other formats: xls (Excel 97-2003) and ods (OpenDocument)."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal
from typing import Any

from pingan_logic.catalogue import Policy
from pingan_logic.errors import Problem, RequestError
from pingan_logic.export.tables import sheet_tables
from pingan_logic.extras import optional
from pingan_logic.model import Facts

__all__ = ["to_ods", "to_xls"]

_XLS_ROWS = 2**16


def to_xls(policy: Policy, facts: Facts, lang: str = "zh") -> bytes:
    """Return an xls workbook. Raises RequestError when a table has more rows than the format."""
    xlwt = optional("xlwt", "xls-ods", ".xls")
    tables = sheet_tables(policy, lang)
    full = [t for t in tables if len(getattr(facts, t.table)) >= _XLS_ROWS]
    if full:
        raise RequestError(
            Problem(
                f".xls {t.title}",
                f"xls 每个工作表最多{_XLS_ROWS}行，请改用 xlsx",
                f"xls holds at most {_XLS_ROWS} rows in a sheet; use xlsx",
                str(len(getattr(facts, t.table)) + 1),
            )
            for t in full
        )
    book = xlwt.Workbook(encoding="utf-8")
    day = xlwt.easyxf(num_format_str="yyyy-mm-dd")
    text = xlwt.easyxf(num_format_str="@")
    bold = xlwt.easyxf("font: bold on")
    for table in tables:
        sheet = book.add_sheet(table.title)
        for position, column in enumerate(table.columns):
            sheet.write(0, position, column.header, bold)
            sheet.col(position).width = 256 * 18
        for row, cells in enumerate(table.rows(facts), 1):
            for position, cell in enumerate(cells):
                if isinstance(cell, str):
                    sheet.write(row, position, cell, text)
                elif isinstance(cell, date):
                    sheet.write(row, position, cell, day)
                elif cell is not None:
                    sheet.write(row, position, cell)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def to_ods(policy: Policy, facts: Facts, lang: str = "zh") -> bytes:
    """Return an ods workbook."""
    opendocument = optional("odf.opendocument", "xls-ods", ".ods")
    odf_table = optional("odf.table", "xls-ods", ".ods")
    odf_text = optional("odf.text", "xls-ods", ".ods")
    book = opendocument.OpenDocumentSpreadsheet()

    def put(row: Any, cell: Any) -> None:
        if cell is None:
            row.addElement(odf_table.TableCell())
            return
        values: dict[str, Any] = {"valuetype": "string"}
        if isinstance(cell, date):
            values = {"valuetype": "date", "datevalue": cell.isoformat()}
        elif isinstance(cell, (int, Decimal)):
            values = {"valuetype": "float", "value": str(cell)}
        else:
            values["stringvalue"] = cell
        element = odf_table.TableCell(**values)
        element.addElement(odf_text.P(text=str(cell)))
        row.addElement(element)

    for table in sheet_tables(policy, lang):
        sheet = odf_table.Table(name=table.title)
        for cells in ([c.header for c in table.columns], *table.rows(facts)):
            row = odf_table.TableRow()
            for cell in cells:
                put(row, cell)
            sheet.addElement(row)
        book.spreadsheet.addElement(sheet)
    out = io.BytesIO()
    book.write(out)
    return out.getvalue()
