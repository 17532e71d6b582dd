"""A sheet of figures as an Excel workbook: real numbers, to count on with."""

import io
from typing import Any

from console.statistics.paper import sheet_notes, sheet_title
from console.statistics.sheet import Sheet, Unit, Value
from console.wording import words
from provinces.schema import Province

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_DAY_S = 86_400
_NAME_WIDTH, _NUMBER_WIDTH, _NOTE_WIDTH = 44, 18, 100
# Excel counts time in days.
_FORMATS = {
    Unit.COUNT: "#,##0",
    Unit.SHARE: "0.0%",
    Unit.SECONDS: "[h]:mm:ss",
    Unit.SPAN: "[h]:mm",
    Unit.SCORE: "0.0",
}
_TIMES = (Unit.SECONDS, Unit.SPAN)


def write_xlsx(sheet: Sheet, province: Province, language: str) -> bytes:
    """The figures on the first sheet, one more for each section with tables."""
    from xlsxwriter import Workbook

    made = io.BytesIO()
    with Workbook(made, {"in_memory": True, "strings_to_formulas": False}) as book:
        bold = book.add_format({"bold": True})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        formats = {
            unit: book.add_format({"num_format": form, "valign": "top", "align": "left"})
            for unit, form in _FORMATS.items()
        }

        def number(page: Any, row: int, column: int, value: Value, unit: Unit) -> None:
            if value is not None:
                told = value / _DAY_S if unit in _TIMES else value
                page.write_number(row, column, told, formats[unit])

        page = _page(book, words("stat_figure", language), 3)
        page.set_column(3, 3, _NOTE_WIDTH, wrapped)
        page.write_string(0, 0, sheet_title(sheet, province, language), bold)
        row = 1
        for note in sheet_notes(sheet, province, language):
            page.write_string(row, 0, note)
            row += 1
        for key, column in (("figure", 0), ("value", 1), ("earlier", 2), ("definition", 3)):
            page.write_string(row + 1, column, words(f"stat_{key}", language), bold)
        row += 2
        for section in sheet.sections:
            page.write_string(row, 0, words(f"stat_{section.key}", language), bold)
            row += 1
            for figure in section.figures:
                page.write_string(row, 0, words(f"stat_{figure.key}", language))
                number(page, row, 1, figure.cell.value, figure.cell.unit)
                number(page, row, 2, figure.before, figure.cell.unit)
                page.write_string(row, 3, words(f"stat_{figure.key}_note", language), wrapped)
                row += 1
        for section in sheet.sections:
            if not section.tables:
                continue
            page = _page(book, words(f"stat_{section.key}", language), 7)
            row = 0
            for table in section.tables:
                page.write_string(row, 0, words(f"stat_{table.key}", language), bold)
                page.write_string(row, 1, words(f"stat_{table.key}_note", language))
                for place, column_key in enumerate(table.columns):
                    page.write_string(row + 1, place, words(column_key, language), bold)
                row += 2
                for line in table.rows:
                    page.write_string(row, 0, line.name)
                    for place, cell in enumerate(line.cells, start=1):
                        number(page, row, place, cell.value, cell.unit)
                    row += 1
                row += 1
    return made.getvalue()


def _page(book: Any, name: str, columns: int) -> Any:
    page = book.add_worksheet(name)
    page.set_column(0, 0, _NAME_WIDTH)
    page.set_column(1, columns - 1, _NUMBER_WIDTH)
    return page
