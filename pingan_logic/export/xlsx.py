"""Facts, or nothing yet, to a workbook to work in: drop-down lists, checks, comments, examples."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal
from typing import Any

from pingan_logic.catalogue import Policy
from pingan_logic.export.item_sheets import (
    ItemSheet,
    accepted,
    heading,
    item_sheets,
    rule_of,
)
from pingan_logic.export.tables import (
    Column,
    SheetTable,
    example_day,
    sheet_tables,
    template_words,
    used_tables,
)
from pingan_logic.extras import optional
from pingan_logic.intake.csv_tables import escape_formula
from pingan_logic.intake.source import Watch, column_letters
from pingan_logic.messages.template import INSTRUCTIONS
from pingan_logic.model import Facts
from pingan_logic.shell import command_line, rules_arguments

__all__ = ["LAST_ROW", "to_xlsx"]

LAST_ROW = 2**20
_ROOM = 5000
"""Rows below the data in which lists and checks work."""
_BIG = 20_000
_LISTED = 30_000
"""More units than this are too many to choose from a list."""
_YEARS = {
    "validate": "integer", "criteria": "between", "minimum": 1949, "maximum": "=YEAR(TODAY())",
}  # fmt: skip
"""The check of the cells of a year, as XlsxWriter takes it."""


def to_xlsx(
    policy: Policy,
    facts: Facts | None,
    lang: str = "zh",
    watch: Watch | None = None,
    name: str | None = None,
) -> bytes:
    """Return a workbook with a sheet per table; without facts, with an example row in each.

    `name` is what the file will be called, for the commands in its instructions.
    """
    xlsxwriter = optional("xlsxwriter", "excel", ".xlsx")
    out = io.BytesIO()
    size = 0 if facts is None else len(facts.units)
    book = xlsxwriter.Workbook(out, {"constant_memory": size > _BIG, "in_memory": size <= _BIG})
    _Writer(book, policy, facts, lang, watch, name).write()
    book.close()
    return out.getvalue()


class _Writer:
    def __init__(
        self,
        book: Any,
        policy: Policy,
        facts: Facts | None,
        lang: str,
        watch: Watch | None,
        name: str | None,
    ) -> None:
        self.book, self.policy, self.facts, self.lang = book, policy, facts, lang
        self.words, self.watch = template_words(policy, lang), watch
        self.day = example_day(policy)
        self.name = name or self.words["this"]
        # values are asked for on a sheet of each kind
        asked = used_tables(policy) - {"values"}
        self.tables = [
            t
            for t in sheet_tables(policy, lang)
            if t.table in asked or (facts is not None and getattr(facts, t.table))
        ]
        self.items = list(item_sheets(policy, lang))
        font = {"font_name": "宋体", "font_size": 11, "valign": "vcenter"}
        head = font | {"bold": True, "border": 1, "align": "center"}
        grey = font | {"font_color": "#7F7F7F", "italic": True}

        def style(**more: Any) -> Any:
            return book.add_format(font | more)

        self.text = style(num_format="@", quote_prefix=False)
        self.formula_text = style(num_format="@", quote_prefix=True)
        self.date = style(num_format="yyyy-mm-dd", align="center")
        self.number = style(num_format="General", align="center")
        self.required = book.add_format(head | {"bg_color": "#1F4E78", "font_color": "#FFFFFF"})
        self.optional = book.add_format(head | {"bg_color": "#DDEBF7", "font_color": "#1F4E78"})
        self.grey_number = book.add_format(grey | {"align": "center"})
        self.grey_text = book.add_format(grey | {"num_format": "@"})
        self.grey_date = book.add_format(grey | {"num_format": "yyyy-mm-dd", "align": "center"})
        self.title = style(bold=True, font_size=14)
        self.plain = style(text_wrap=True)
        self.bold = style(bold=True)
        self.lists: dict[tuple[str, ...], str] = {}

    def write(self) -> None:
        self.instructions()
        last = _ROOM + 1 + (1 if self.facts is None else len(self.facts.units))
        self.units = last - 1
        sheets = [self.book.add_worksheet(t.title) for t in self.tables]
        spread = [self.book.add_worksheet(s.title) for s in self.items]
        self.word_lists()
        for items, sheet in zip(self.items, spread, strict=True):
            self.item_sheet(items, sheet)
        for table, sheet in zip(self.tables, sheets, strict=True):
            self.table(table, sheet)
        sheets[0].activate() if self.facts is not None else None

    def instructions(self) -> None:
        sheet = self.book.add_worksheet(self.words["instructions"])
        sheet.hide_gridlines(2)
        sheet.set_column(0, 0, 16)
        sheet.set_column(1, 1, 16)
        sheet.set_column(2, 2, 11)
        sheet.set_column(3, 3, 34)
        sheet.set_column(4, 4, 44)
        sheet.set_row(0, 26)
        sheet.write_string(0, 0, self.words["instructions"], self.title)
        row = 2
        rules = rules_arguments(self.policy, self.lang)
        check = {"annotate": self.words["marked"], **rules}
        commands = {
            "check": command_line("check", [self.name], check) or "check",
            "evaluate": command_line("evaluate", [], {"facts": self.name, **rules}) or "evaluate",
        }
        for pair in INSTRUCTIONS:
            line = pair[self.lang == "en"]
            sheet.merge_range(row, 0, row, 4, line.format_map(commands), self.plain)
            row += 1
        row += 1
        titles = ("sheet", "column", "fill", "accepts", "meaning")
        for position, key in enumerate(titles):
            sheet.write_string(row, position, self.words[key], self.required)
        for table in self.tables:
            for column in table.columns:
                row += 1
                need = self.words["required" if column.required else "optional"]
                cells = (table.title, column.header, need, self.rule(table, column), column.note)
                for position, text in enumerate(cells):
                    sheet.write_string(row, position, text, self.plain)
        for items in self.items:
            for about in items.items:
                row += 1
                said = about.zh if self.lang == "zh" else about.en
                cells = (items.title, heading(about, self.lang, self.day), self.words["optional"],
                         accepted(about, self.lang, self.day), said)  # fmt: skip
                for position, text in enumerate(cells):
                    sheet.write_string(row, position, text, self.plain)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)

    def item_sheet(self, items: ItemSheet, sheet: Any) -> None:
        """Write a sheet with a row for each unit and year, and a column for each item."""
        sheet.freeze_panes(1, 2)
        sheet.set_row(0, 24)
        first = ("kind" if items.kinds else "unit", "year")
        lasts = min(self.units, LAST_ROW - 1)
        for position, name in enumerate(first):
            header = self.words[f"items_{name}"]
            sheet.write_string(0, position, header, self.required)
            sheet.set_column(position, position, 16, self.number if position else self.text)
        if items.kinds:
            rule: dict[str, Any] | None = {"validate": "list", "source": list(items.kinds)}
        else:
            rule = self.id_rule("unit", 0, self.units, {})
        if rule is not None:
            sheet.data_validation(1, 0, lasts, 0, rule)
        sheet.data_validation(1, 1, lasts, 1, _YEARS | {"error_message": self.words["year"]})
        for position, about in enumerate(items.items, len(first)):
            style = self.date if about.type == "date" else self.number
            sheet.write_string(0, position, heading(about, self.lang, self.day), self.optional)
            sheet.set_column(position, position, 18, style)
            rule = rule_of(about, self.lang)
            if rule:
                title = about.zh if self.lang == "zh" else about.en
                what = accepted(about, self.lang, self.day)
                said = {"error_title": title[:32], "error_message": what[:250]}
                sheet.data_validation(1, position, lasts, position, rule | said)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)

    def rule(self, table: SheetTable, column: Column) -> str:
        """Say what a column accepts."""
        if column.choices is not None:
            return self.words["choose"]
        if column.kind == "id":
            return self.words["unique" if column.name == "id" else "unit"]
        return self.words[column.kind]

    def word_lists(self) -> None:
        """Write the words to choose from, one column for each list, and remember where."""
        sheet = self.book.add_worksheet(self.words["words"])
        for table in self.tables:
            for column in table.columns:
                if column.choices is None or column.choices in self.lists:
                    continue
                at = len(self.lists)
                letters = column_letters(at + 1)
                name = self.words["words"]
                # named, since Excel keeps lists of another sheet where other programs do not look
                self.book.define_name(
                    f"words_{at + 1}",
                    f"='{name}'!${letters}$2:${letters}${len(column.choices) + 1}",
                )
                self.lists[column.choices] = f"=words_{at + 1}"
        # row by row: a big workbook is written in order
        longest = max(map(len, self.lists), default=0)
        listed = self.units if self.units <= _LISTED else 0
        letters = column_letters(len(self.lists) + 1)
        title = self.tables[0].title
        if listed:
            filled = f"COUNTA('{title}'!$A$2:$A${listed + 1})"
            area = f"OFFSET('{self.words['words']}'!${letters}$2,0,0,MAX(1,{filled}),1)"
            self.book.define_name("unit_ids", f"={area}")
            names = [c.name for c in self.tables[0].columns]
            for name, wanted in (("unit_own", "id"), ("unit_closed", "closed")):
                at_ = column_letters(names.index(wanted) + 1)
                rows = f"${at_}$2:${at_}${listed + 1}"
                self.book.define_name(name, f"='{title}'!{rows}")
            sheet.set_column(len(self.lists), len(self.lists), 30)
        sheet.set_column(0, len(self.lists) - 1, 18)
        heads = {c.choices: f"{t.title} {c.header}" for t in reversed(self.tables)
                 for c in t.columns}  # fmt: skip
        for position, choices in enumerate(self.lists):
            sheet.write_string(0, position, heads[choices], self.bold)
        if listed:
            sheet.write_string(0, len(self.lists), self.words["units_listed"], self.bold)
        for row in range(max(longest, listed)):
            for position, choices in enumerate(self.lists):
                if row < len(choices):
                    sheet.write_string(row + 1, position, choices[row], self.text)
            if row < listed:  # what is chosen is read by its id or its name alike
                unit = f"'{title}'!A{row + 2}&\" \"&'{title}'!C{row + 2}"
                sheet.write_formula(row + 1, len(self.lists), f"=TRIM({unit})", self.text, "")
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.print_area(0, 0, longest, len(self.lists) - 1)
        sheet.protect()

    def table(self, table: SheetTable, sheet: Any) -> None:
        sheet.freeze_panes(1, 0)
        sheet.set_row(0, 24)
        for position, column in enumerate(table.columns):
            wide = {"id": 16, "text": 30, "word": 20, "date": 13}.get(column.kind, 10)
            sheet.set_column(position, position, wide, self.style(column))
            form = self.required if column.required else self.optional
            sheet.write_string(0, position, column.header, form)
            need = self.words["required" if column.required else "optional"]
            shown = f"（{need}）" if self.lang == "zh" else f"({need}) "
            note = f"{column.note}\n{shown}{self.rule(table, column)}"
            sheet.write_comment(0, position, note, {"x_scale": 1.6, "author": ""})
        last = self.rows(table, sheet) + _ROOM
        for position, column in enumerate(table.columns):
            rule = self.validation(table, column, position, last)
            if rule is not None:
                sheet.data_validation(1, position, min(last, LAST_ROW - 1), position, rule)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)

    def style(self, column: Column) -> Any:
        return {"date": self.date, "year": self.number, "count": self.number,
                "score": self.number, "value": self.number}.get(column.kind, self.text)  # fmt: skip

    def rows(self, table: SheetTable, sheet: Any) -> int:
        """Write the records, or the example; return the number of rows."""
        if self.facts is None:
            styles = {"date": self.grey_date, "id": self.grey_text, "word": self.grey_text,
                      "text": self.grey_text}  # fmt: skip
            for row, shown in enumerate(table.examples, 1):
                for position, (column, cell) in enumerate(zip(table.columns, shown, strict=True)):
                    self.put(sheet, row, position, cell, styles.get(column.kind, self.grey_number))
            return len(table.examples)
        styles_of = [self.style(c) for c in table.columns]
        total = len(getattr(self.facts, table.table))
        row = 0
        for row, cells in enumerate(table.rows(self.facts), 1):
            if self.watch and row % 1000 == 0:
                self.watch(table.table, row, total)
            for position, cell in enumerate(cells):
                self.put(sheet, row, position, cell, styles_of[position])
        if self.watch:
            self.watch(table.table, total, total)
        return row

    def put(self, sheet: Any, row: int, position: int, cell: Any, style: Any) -> None:
        """Write a cell; text is never a formula, whatever it begins with."""
        if isinstance(cell, str):
            live = escape_formula(cell) != cell
            sheet.write_string(row, position, cell, self.formula_text if live else style)
        elif isinstance(cell, date):
            days = style if style in (self.date, self.grey_date) else self.date
            sheet.write_datetime(row, position, cell, days)
        elif isinstance(cell, (int, Decimal)):
            sheet.write_number(row, position, cell, style)

    def validation(
        self, table: SheetTable, column: Column, position: int, last: int
    ) -> dict[str, Any] | None:
        """Return the check of a column's cells, as XlsxWriter takes it."""
        title = column.header[:32]
        note = column.note[:250]
        rule: dict[str, Any] = {"error_title": title, "error_message": self.rule(table, column)}
        if (own := self.own_rule(table, column, last)) is not None:
            message, formula = own
            custom = {"validate": "custom", "value": formula, "error_message": message}
            return rule | custom | {"input_title": title, "input_message": note}
        if column.choices is not None:
            rule |= {"validate": "list", "source": self.lists[column.choices]}
        elif column.kind == "id":
            return self.id_rule(column.name, position, last, rule)
        elif column.kind == "value":
            return None  # what it may be rests on the item
        else:
            limits: dict[str, dict[str, Any]] = {
                "year": _YEARS,
                "date": {"validate": "date", "criteria": "between", "minimum": date(1949, 1, 1),
                         "maximum": "=TODAY()"},
                "score": {"validate": "decimal", "criteria": "between", "minimum": 0,
                          "maximum": 100},
                "count": {"validate": "integer", "criteria": ">=", "value": 1},
                "text": {"validate": "length", "criteria": "<=", "value": 200},
            }  # fmt: skip
            rule |= limits[column.kind]
        return rule | {"input_title": title, "input_message": note}

    def own_rule(self, table: SheetTable, column: Column, last: int) -> tuple[str, str] | None:
        """Return the check of a column that looks at other cells too, with what it says: a closing
        date after the opening, one score and one poll a year, no person's name for a household."""
        at = {c.name: column_letters(n) for n, c in enumerate(table.columns, 1)}
        name = (table.table, column.name)
        if name == ("units", "closed"):
            day, opened = f"{at['closed']}2", f"{at['opened']}2"
            return self.words["after_opening"], (
                f'=AND(ISNUMBER({day}),{day}<=TODAY(),OR({opened}="",{day}>{opened}))'
            )
        if name == ("incidents", "date") and self.units <= _LISTED:
            # not after the unit has closed; what is chosen begins with the unit's id
            day, unit = f"{at['date']}2", f"{at['unit']}2"
            row = f'MATCH(LEFT({unit},FIND(" ",{unit}&" ")-1),unit_own,0)'
            return self.words["before_closing"], (
                f"=AND(ISNUMBER({day}),{day}>=DATE(1949,1,1),{day}<=TODAY(),"
                f"IFERROR(1/(1/INDEX(unit_closed,{row}))+0.5>={day},TRUE))"
            )
        if name in (("scores", "year"), ("polls", "year")) and last <= _LISTED:
            unit, year = at["unit"], at["year"]
            rows = (f"${c}$2:${c}${last + 1}" for c in (unit, year))
            twice = f"COUNTIFS({next(rows)},{unit}2,{next(rows)},{year}2)"
            return self.words["once_a_year"], (
                f"=AND(INT({year}2)={year}2,{year}2>=1949,{year}2<=YEAR(TODAY()),{twice}=1)"
            )
        only = [k for k in self.policy.kinds if k in self.policy.counted_only]
        if name == ("units", "name") and self.lang == "zh" and only:
            # two to four characters, all Chinese, without 户 or 号: as persons are called
            kind, text = f"{at['kind']}2", f"{at['name']}2"
            person = (
                f"LEN({text})>1,LEN({text})<5,LENB({text})=2*LEN({text}),"
                f'ISERROR(FIND("户",{text})),ISERROR(FIND("号",{text}))'
            )
            named = [self.policy.kinds[k].zh for k in only]
            these = ",".join(f'ISNUMBER(FIND("{label}",{kind}))' for label in named)
            private = f"OR({these})" if len(only) > 1 else these
            return self.words["no_person"].format(kinds="、".join(named)), (
                f"=AND(LEN({text})<=200,NOT(AND({private},{person})))"
            )
        return None

    def id_rule(
        self, column: str, position: int, last: int, rule: dict[str, Any]
    ) -> dict[str, Any] | None:
        """Ids of a table's own must not repeat; other ids are chosen from the sheet of units."""
        if last > _LISTED:
            return None
        letters = column_letters(position + 1)
        if column == "id":
            source = f"=COUNTIF(${letters}$2:${letters}${last + 1},{letters}2)=1"
            return rule | {"validate": "custom", "value": source}
        # a warning only: the unit may be entered later
        return rule | {
            "validate": "list",
            "source": "=unit_ids",
            "error_type": "warning",
        }
