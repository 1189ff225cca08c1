"""A pack as a PDF, with letters of its own: nothing is expected of the machine, and Arabic joins.

This module stands on fpdf2 from its first line; import it on use.
"""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime, time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal, NamedTuple

import pymupdf_fonts
from fpdf import FPDF, FontFace, ViewerPreferences
from fpdf.fonts import TTFFont

from bot.pages.direction import is_right_to_left
from bot.pages.pack_text import Block, Look, PackText, Table

INSTEAD = "▯"  # of a sign that the fonts lack: it is seen, and taken for no other
LACKING = f"{INSTEAD} stands for a sign that the letters of this PDF lack. The Word file has it."
_FONTS = {
    "": "figo",
    "B": "figbo",
}  # FiraGO: Latin, Greek, Cyrillic, Arabic, Hebrew, Devanagari, Thai, Georgian
_FAMILY = "FiraGO"
_SIDE, _TOP, _FOOT = 22, 20, 24  # margins, in millimetres
_COUNT = "{  }"  # stands for the number of pages: no words of a block hold two spaces
_POINT = 25.4 / 72  # millimetres
_LEADING = 1.4  # height of a line, in letters
_KEPT_LINES = 4  # of a paragraph that is as long or shorter: they stay on one page
_COLUMNS = (6, 2, 2, 2)  # widths beside each other
_INK, _GREY, _LINK = (26, 26, 26), (89, 89, 89), (11, 90, 99)
_RULE, _PAPER = (176, 137, 0), (255, 244, 214)  # of the box


class _Setting(NamedTuple):
    """How a block is set: its letters (style; size in points; colour) and, in millimetres, the space before
    it, what else has to fit on the page below it, and its distance from the margin.
    """

    style: str
    size: float
    before: float
    below: float = 0.0
    indent: float = 0.0
    colour: tuple[int, int, int] = _INK


_SETTINGS = {
    Look.TITLE: _Setting("B", 20, 0, 10),
    Look.HEADING: _Setting("B", 15, 9, 32),
    Look.SUBHEADING: _Setting("B", 12, 5, 22),
    Look.TEXT: _Setting("", 10.5, 2),
    Look.NOTICE: _Setting("B", 10.5, 4),
    Look.ITEM: _Setting("B", 10.5, 3, 6),
    Look.PLACE: _Setting("", 9, 3, 14, colour=_GREY),
    Look.REPLY: _Setting("", 9, 1, 14, colour=_GREY),
    Look.DETAIL: _Setting("", 9, 0.5, colour=_GREY),
    Look.QUOTE: _Setting("", 10.5, 0.5, indent=6),
}
_LEVELS = {Look.HEADING: 0, Look.SUBHEADING: 1}  # in the outline


def pdf_pack(text: PackText) -> bytes:
    """``text`` set on A4, with an outline and numbered pages.

    Signs that the fonts lack, such as pictures and Ethiopic letters, become INSTEAD; the last line says so.
    """
    with TemporaryDirectory() as folder:  # fpdf2 reads fonts from files alone
        paper = _Paper(text, Path(folder))
        for block in text.blocks:
            if isinstance(block, Table):
                paper.set_table(block)
            else:
                paper.set_block(block)
        if paper.is_lacking:
            paper.set_block(Block(Look.TEXT, LACKING))
        return bytes(paper.output() or b"")


class _Paper(FPDF):
    """Pages that blocks are put on. ``is_lacking``: a sign was asked for that the fonts do not have."""

    def __init__(self, text: PackText, folder: Path) -> None:
        super().__init__(format="A4")
        self.is_lacking = False
        for style, name in _FONTS.items():
            file = folder / f"{name}.ttf"
            file.write_bytes(pymupdf_fonts.myfont(name))
            self.add_font(_FAMILY, style, file)
        signs = (frozenset(font.cmap) for font in self.fonts.values() if isinstance(font, TTFFont))
        self._signs = frozenset.intersection(*signs)
        self._notice = self._shown(text.notice)
        self.alias_nb_pages(_COUNT)
        self.set_title(text.title)
        self.set_lang("en")
        self.set_creator("Ujuzi")
        self.set_creation_date(datetime.combine(text.made, time(), UTC))
        self.viewer_preferences = ViewerPreferences(display_doc_title=True)
        self.set_margins(_SIDE, _TOP, _SIDE)
        self.set_auto_page_break(True, _FOOT)
        self.add_page()

    def footer(self) -> None:
        """Below each page: what keeps anybody from taking it for what it is not, and its number."""
        self.set_y(-_FOOT + 8)
        self._choose(_SETTINGS[Look.PLACE])
        self.set_text_shaping(False)
        page = f"Page {self.page_no()} of {_COUNT}"
        self.cell(0, 5, " · ".join(filter(None, (self._notice, page))), align="C")

    def set_block(self, block: Block) -> None:
        """Put ``block`` below what is there, in its direction; no heading stands alone at the foot."""
        setting = _SETTINGS[block.look]
        text = self._shown(block.text)
        self._choose(setting)
        self.set_text_shaping(_is_shaped(text))
        line = setting.size * _POINT * _LEADING
        lines = -(-self.get_string_width(text) // (self.epw - setting.indent))
        self._make_room(setting, line * (lines if lines <= _KEPT_LINES else 2))
        if block.look in _LEVELS:
            self.start_section(text, _LEVELS[block.look])
        if block.link:
            self.set_text_color(*_LINK)
        right_to_left = is_right_to_left(text)
        boxed: Literal[0, 1] = 1 if block.look is Look.NOTICE else 0
        self.set_draw_color(*_RULE)
        self.set_fill_color(*_PAPER)
        self.set_x(_SIDE if right_to_left else _SIDE + setting.indent)
        self.multi_cell(
            self.epw - setting.indent,
            line,
            text,
            border=boxed,
            fill=bool(boxed),
            padding=3 if boxed else 0,
            align="R" if right_to_left else "L",
            link=block.link or None,
            new_x="LMARGIN",
            new_y="NEXT",
        )

    def set_table(self, table: Table) -> None:
        """Put ``table`` below what is there; its titles stand on each page that it runs to."""
        self._choose(_SETTINGS[Look.TEXT])
        self.set_text_shaping(any(map(_is_shaped, (cell for row in table.rows for cell in row))))
        self.set_draw_color(*_GREY)
        self.set_fill_color(255)
        self.ln(2)
        with self.table(
            col_widths=_COLUMNS,
            text_align=("LEFT", *["RIGHT"] * (len(table.titles) - 1)),
            line_height=_SETTINGS[Look.TEXT].size * _POINT * _LEADING,
            padding=1.5,
            borders_layout="HORIZONTAL_LINES",
            headings_style=FontFace(emphasis="BOLD"),
        ) as grid:
            for row in (table.titles, *table.rows):
                grid.row([self._shown(cell) for cell in row])

    def _choose(self, setting: _Setting) -> None:
        self.set_font(_FAMILY, setting.style, setting.size)
        self.set_text_color(*setting.colour)

    def _make_room(self, setting: _Setting, height: float) -> None:
        """Leave the space before a block; begin a page where too little of it would stand on this one."""
        if self.will_page_break(setting.before + height + setting.below):
            self.add_page()
        elif self.y > self.t_margin:
            self.ln(setting.before)

    def _shown(self, text: str) -> str:
        """``text`` as far as the fonts have its signs, INSTEAD of the others."""
        return "".join(sign if ord(sign) in self._signs else self._instead(sign) for sign in text)

    def _instead(self, sign: str) -> str:
        kind = unicodedata.category(sign)
        if kind == "Zs":
            return " "
        self.is_lacking |= kind != "Mn"
        return "" if kind == "Mn" else INSTEAD  # a mark without its letter would be a sign of its own


def _is_shaped(text: str) -> bool:
    """Whether letters of ``text`` join, stack or run to the left; to shape others would triple the work."""
    return any(sign > "\u02ff" and unicodedata.category(sign)[0] in "LM" for sign in text)
