"""A sheet of figures as PDF, and other papers of headings, notes and tables. The one file that
knows ReportLab."""

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from xml.sax.saxutils import escape

from console.statistics.sheet import Section, Sheet, Table, Unit
from console.statistics.shown import change_shown, period_shown, shown
from console.wording import words
from provinces.schema import Province

PDF_TYPE = "application/pdf"
# Made for Vietnamese, with every letter of it; a file for each weight, as ReportLab wants them.
FONT = "Be Vietnam Pro"
PLAIN, BOLD = "hotline-plain", "hotline-bold"
_MARGIN_MM = 18
_NUMBER_MM = 24


@dataclass(frozen=True)
class Heading:
    """Of what comes below it."""

    text: str


@dataclass(frozen=True)
class Note:
    """A paragraph; `strong` is printed before its text."""

    text: str
    strong: str = ""


@dataclass(frozen=True)
class Grid:
    """A table, its first line repeated on each page."""

    lines: Sequence[Sequence[str]]


def write_paper(title: str, blocks: Iterable[Heading | Note | Grid], language: str) -> bytes:
    """An A4 document of these blocks."""
    return _document(title, list(_of_blocks(title, blocks)), language)


def write_pdf(sheet: Sheet, province: Province, language: str) -> bytes:
    """The sheet as an A4 document, its definitions at the end."""
    title = sheet_title(sheet, province, language)
    return _document(title, list(_parts(sheet, title, province, language)), language)


def _document(title: str, parts: Sequence[Any], language: str) -> bytes:
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.units import mm
    from reportlab.platypus import SimpleDocTemplate

    _have_fonts()
    made = io.BytesIO()

    def number(canvas: Any, document: Any) -> None:
        canvas.setFont(PLAIN, 8)
        told = words("stat_page_of", language, page=document.page)
        canvas.drawRightString(A4[0] - _MARGIN_MM * mm, 10 * mm, told)

    document = SimpleDocTemplate(
        made,
        pagesize=A4,
        title=title,
        lang=language,
        leftMargin=_MARGIN_MM * mm,
        rightMargin=_MARGIN_MM * mm,
        topMargin=_MARGIN_MM * mm,
        bottomMargin=_MARGIN_MM * mm,
    )
    document.build(list(parts), onFirstPage=number, onLaterPages=number)
    return made.getvalue()


def sheet_title(sheet: Sheet, province: Province, language: str) -> str:
    """What the report is called."""
    period = period_shown(sheet.period, language)
    return words("stat_report_title", language, number=province.hotline_number, period=period)


def sheet_notes(sheet: Sheet, province: Province, language: str) -> Sequence[str]:
    """What one has to know to read it: when it was made, and of what."""

    def local(moment: Any) -> str:
        return str(moment.astimezone(province.timezone).strftime("%d/%m/%Y %H:%M"))

    told = [
        province.names.get(language) or province.names["vi"],
        words("stat_made_at", language, at=local(sheet.made_at)),
        words(
            "stat_compared",
            language,
            before=period_shown(sheet.before, language),
            zone=province.timezone.key,
        ),
    ]
    if sheet.demo:
        told.append(words("demo_shown", language))
    if sheet.agency is not None:
        told.append(words("stat_of_agency", language, agency=sheet.agency))
    elif sheet.calls_since is None:
        told.append(words("stat_no_calls", language))
    else:
        since, until = local(sheet.calls_since), local(sheet.calls_until)
        told.append(words("stat_calls_counted", language, since=since, until=until))
    return told


def _styles() -> tuple[Any, Any, Any, Any]:
    """Of small text, bold text, headings, and the first heading."""
    from reportlab.lib.styles import ParagraphStyle

    _have_fonts()
    body = ParagraphStyle("body", fontName=PLAIN, fontSize=9, leading=13)
    small = ParagraphStyle("small", parent=body, fontSize=8, leading=11)
    bold = ParagraphStyle("bold", parent=body, fontName=BOLD, spaceBefore=8, spaceAfter=3)
    heading = ParagraphStyle("heading", parent=bold, fontSize=12, leading=16, spaceBefore=12)
    first = ParagraphStyle("first", parent=heading, fontSize=15, leading=20, spaceBefore=0)
    return small, bold, heading, first


def _of_blocks(title: str, blocks: Iterable[Heading | Note | Grid]) -> Iterator[Any]:
    from reportlab.platypus import CondPageBreak, Paragraph

    small, _, heading, first = _styles()
    yield Paragraph(escape(title), first)
    for block in blocks:
        match block:
            case Heading(text):
                yield CondPageBreak(80)
                yield Paragraph(escape(text), heading)
            case Note(text, strong):
                ahead = f'<font name="{BOLD}">{escape(strong)}</font> ' if strong else ""
                yield Paragraph(ahead + escape(text), small)
            case Grid(lines):
                yield _grid(lines, small)


def _parts(sheet: Sheet, title: str, province: Province, language: str) -> Iterator[Any]:
    from reportlab.platypus import CondPageBreak, Paragraph, Spacer

    small, bold, heading, first = _styles()
    yield Paragraph(escape(title), first)
    for note in sheet_notes(sheet, province, language):
        yield Paragraph(escape(note), small)
    for section in sheet.sections:
        yield CondPageBreak(120)
        yield Paragraph(escape(words(f"stat_{section.key}", language)), heading)
        yield _grid(list(_figures(section, language)), small)
        for table in section.tables:
            if table.rows:
                yield CondPageBreak(80)
                yield Paragraph(escape(words(f"stat_{table.key}", language)), bold)
                yield _grid(list(_lines(table, language)), small)
    yield Spacer(1, 12)
    yield Paragraph(escape(words("stat_definition", language)), heading)
    for key in sheet.definitions():
        name, note = words(f"stat_{key}", language), words(f"stat_{key}_note", language)
        yield Paragraph(f'<font name="{BOLD}">{escape(name)}:</font> {escape(note)}', small)


def _figures(section: Section, language: str) -> Iterator[Sequence[str]]:
    yield [words(f"stat_{key}", language) for key in ("figure", "value", "earlier")]
    for figure in section.figures:
        told = shown(figure.cell.value, figure.cell.unit, language)
        if figure.whole is not None:
            part = shown(figure.part, Unit.COUNT, language)
            whole = shown(figure.whole, Unit.COUNT, language)
            told += f" ({words('stat_part', language, part=part, whole=whole)})"
        before = change_shown(figure.cell.value, figure.before, figure.cell.unit, language)
        yield [words(f"stat_{figure.key}", language), told, before]


def _lines(table: Table, language: str) -> Iterator[Sequence[str]]:
    yield [words(column, language) for column in table.columns]
    for row in table.rows:
        yield [row.name, *(shown(cell.value, cell.unit, language) for cell in row.cells)]


def _grid(lines: Sequence[Sequence[str]], style: Any) -> Any:
    """A table whose first line is repeated on each page."""
    from reportlab.lib import colors
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.units import mm
    from reportlab.platypus import Paragraph, TableStyle
    from reportlab.platypus import Table as Drawn

    whole = A4[0] - 2 * _MARGIN_MM * mm
    others = len(lines[0]) - 1
    number = min(_NUMBER_MM * mm, whole * 0.6 / others) if others > 2 else whole * 0.6 / others
    cells = [[Paragraph(escape(text), style) for text in line] for line in lines]
    grid = Drawn(cells, colWidths=[whole - others * number] + [number] * others, repeatRows=1)
    grid.setStyle(
        TableStyle(
            [
                ("LINEBELOW", (0, 0), (-1, -1), 0.3, colors.HexColor("#b8c0c7")),
                ("BACKGROUND", (0, 0), (-1, 0), colors.HexColor("#f3f5f7")),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("TOPPADDING", (0, 0), (-1, -1), 1.5),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 1.5),
            ]
        )
    )
    return grid


@cache
def _have_fonts() -> None:
    import fontpkg
    from reportlab.pdfbase.pdfmetrics import registerFont, registerFontFamily
    from reportlab.pdfbase.ttfonts import TTFont

    registerFont(TTFont(PLAIN, str(fontpkg.path(FONT, weight=400))))
    registerFont(TTFont(BOLD, str(fontpkg.path(FONT, weight=700))))
    registerFontFamily(PLAIN, normal=PLAIN, bold=BOLD, italic=PLAIN, boldItalic=BOLD)
