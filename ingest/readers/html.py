"""Web pages: what the page is about, without what stands around it."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from datetime import date

from bs4 import BeautifulSoup
from bs4.element import NavigableString, PreformattedString, Tag

from ingest.builder import Reading, TextBuilder
from ingest.language import LANGUAGE_SETTING
from ingest.readers.guard import finished, parsing
from ingest.readers.rows import table
from ingest.text import clean_line

_NEVER_SEEN = {
    "script",
    "style",
    "noscript",
    "template",
    "svg",
    "iframe",
    "object",
    "select",
    "button",
    "head",
}
_AROUND = ["nav", "aside", "dialog"]
_AROUND_ROLES = {"navigation", "banner", "contentinfo", "complementary", "search", "dialog", "menu"}
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
_LISTS = {"ul", "ol", "dl"}
_ITEMS = {"li", "dt", "dd"}
_ROWS = {"tr", "caption", "thead", "tbody", "tfoot"}
_BOXES = {
    "html",
    "body",
    "main",
    "article",
    "section",
    "header",
    "footer",
    "div",
    "form",
    "fieldset",
    "center",
}
_PROSE = {"p", "pre", "blockquote", "address", "details", "summary", "figure", "figcaption", "hr", "table"}
_BLOCKS = _HEADINGS | _LISTS | _ITEMS | _ROWS | _BOXES | _PROSE
_SPACE = re.compile(r"\s+")


def read(content: bytes, name: str) -> Reading:
    """Headings, paragraphs, lists and tables of the main part; title, language, date from the head."""
    with parsing(name, "The web page"), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # XML read as HTML, text that resembles a path: both are read well
        page = BeautifulSoup(content, "lxml")
        properties = _properties(page)
        builder = TextBuilder()
        _add(builder, _main(page))
    return finished(builder, properties, name)


def _properties(page: BeautifulSoup) -> dict[str, object]:
    html = page.find("html")
    language = _attribute(html, "lang") or _attribute(html, "xml:lang") if isinstance(html, Tag) else ""
    title = _meta(page, "og:title") or (clean_line(page.title.get_text()) if page.title else "")
    made = next(filter(None, (_meta(page, key) for key in ("article:published_time", "date", "dc.date"))), "")
    return {
        "title": title,
        LANGUAGE_SETTING: re.split(r"[-_]", language)[0].lower(),
        "date": _date(made),
        "summary": _meta(page, "description"),
    }


def _meta(page: BeautifulSoup, key: str) -> str:
    """The content of ``<meta name=key>`` or ``<meta property=key>``, in any case of letters."""
    for tag in page.find_all("meta"):
        if key in (_attribute(tag, "name").lower(), _attribute(tag, "property").lower()):
            return clean_line(_attribute(tag, "content"))
    return ""


def _attribute(tag: Tag, key: str) -> str:
    value = tag.get(key)
    return value if isinstance(value, str) else ""


def _date(value: str) -> date | None:
    try:
        return date.fromisoformat(value[:10])
    except ValueError:
        return None


def _main(page: BeautifulSoup) -> Tag:
    """The part that holds the content, freed of what is hidden or only leads elsewhere."""
    for tag in page.find_all(_NEVER_SEEN):
        tag.decompose()
    body = page.body or page
    whole = len(body.get_text())
    for tag in body.find_all(_is_around):
        if not tag.decomposed and len(tag.get_text()) < 0.7 * whole:  # old pages wrap all they have in a form
            tag.decompose()
    main = body.find("main") or body.find(role="main")
    if not isinstance(main, Tag):
        articles = body.find_all("article")
        main = articles[0] if len(articles) == 1 else body
    return main if main.get_text(strip=True) else body


def _is_around(tag: Tag) -> bool:
    if tag.name in _AROUND or tag.has_attr("hidden") or _attribute(tag, "aria-hidden") == "true":
        return True
    if tag.name in ("header", "footer"):  # those of an article belong to it
        return tag.find_parent(["main", "article"]) is None
    role = _attribute(tag, "role")
    return tag.name == "form" or role in _AROUND_ROLES or bool(_HIDDEN_STYLE.search(_attribute(tag, "style")))


def _add(builder: TextBuilder, tag: Tag) -> None:
    """Append the blocks below ``tag``; words that stand between blocks are a block of their own."""
    words: list[str] = []
    for child in tag.children:
        if isinstance(child, Tag) and _has_blocks(child):
            builder.paragraph("".join(words))
            words = []
            _add_block(builder, child)
        else:
            words.append(_words(child))
    builder.paragraph("".join(words))


def _has_blocks(tag: Tag) -> bool:
    return tag.name in _BLOCKS or tag.find(_BLOCKS) is not None


def _add_block(builder: TextBuilder, tag: Tag) -> None:
    if tag.name in _HEADINGS:
        builder.heading(_words(tag), int(tag.name[1]))
    elif tag.name in _LISTS:
        builder.paragraph("\n".join(_items(tag)))
    elif tag.name == "table" and not tag.find(_HEADINGS):
        builder.paragraph(table(list(_rows(tag))))
    elif tag.name == "pre":
        builder.paragraph(tag.get_text())
    else:
        _add(builder, tag)


def _items(tag: Tag) -> Iterator[str]:
    """The items of a list and of the lists in it, a line each."""
    words: list[str] = []
    for child in tag.children:
        if isinstance(child, Tag) and _has_blocks(child):
            yield from _line(words)
            words = []
            yield from _items(child)
        else:
            words.append(_words(child))
    yield from _line(words)


def _rows(tag: Tag) -> Iterator[list[str]]:
    """The cells of each row; a first cell that spans several rows is empty in all but the first of them."""
    spanned = 0
    for row in tag.find_all(["tr", "caption"]):
        if row.find("table") is None:  # tables for layout hold others, whose rows come by themselves
            cells = row.find_all(["td", "th"]) or [row]
            words = ["\n".join(_items(cell)) for cell in cells]
            yield ["", *words] if spanned else words
            spanned = spanned - 1 if spanned else _spanned(cells[0])


def _spanned(cell: Tag) -> int:
    """How many rows below its own a cell spans."""
    rows = _attribute(cell, "rowspan")[:5]  # HTML allows 65534
    return max(1, int(rows)) - 1 if rows.isdecimal() else 0


def _line(words: list[str]) -> Iterator[str]:
    if line := clean_line("".join(words)):
        yield line


def _words(node: object) -> str:
    """The words of an inline node; white space counts as one space, ``<br>`` as a line's end."""
    if isinstance(node, PreformattedString):  # comments and the like
        return ""
    if isinstance(node, NavigableString):
        return _SPACE.sub(" ", node)
    if not isinstance(node, Tag):
        return ""
    if node.name == "br":
        return "\n"
    if node.name == "img":
        return _attribute(node, "alt")
    inner = "".join(_words(child) for child in node.children)
    return f" {inner} " if node.name in _BLOCKS else inner
