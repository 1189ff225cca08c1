"""Each format to clean text with its places; PDF has a file of its own."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from random import randbytes

import pytest

from ingest import readers
from ingest.builder import Reading
from ingest.domain import Span
from ingest.errors import FileRejected
from ingest.language import LANGUAGE_SETTING
from ingest.readers import docx, html, markdown, plain, pptx
from tests.ingest import documents

CORPUS = Path(__file__).resolve().parents[2] / "corpus"
BOMB = b"""<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a0 "ha">%b]><x>&a20;</x>""" % b"".join(
    b'<!ENTITY a%d "%b">' % (number, b"&a%d;" % (number - 1) * 10) for number in range(1, 21)
)


def headings(reading: Reading) -> list[tuple[str, int]]:
    return [(mark.label, mark.level) for mark in reading.places.headings]


class TestPlain:
    def test_hard_wrapped_lines_are_joined(self) -> None:
        text = (
            "Employers advance the fare and take it back from the wages\n"
            "over many weeks, with a limit.\n\n"
            "Kenya does it differently.\n- no fees\n- no deductions\n"
        )
        assert plain.read(text.encode(), "a.txt").text == (
            "Employers advance the fare and take it back from the wages over many weeks, with a limit.\n\n"
            "Kenya does it differently.\nno fees\nno deductions"
        )

    def test_long_lines_are_paragraphs(self) -> None:
        line = (
            "A paragraph on one line that goes on without a break to its very end, however far that is. " * 3
        )
        assert plain.read(f"{line}\n{line}\n".encode(), "a.txt").text == f"{line.strip()}\n\n{line.strip()}"

    @pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
    def test_encodings(self, encoding: str) -> None:
        text = "Les compétences des travailleurs migrants sont reconnues à l’arrivée."
        assert plain.read(text.encode(encoding), "a.txt").text == text

    def test_a_transcript_is_recognised(self) -> None:
        text = (
            "Moderator: Welcome to all.\nAmina: Thank you.\nModerator: Who pays?\nAmina: The employer does.\n"
        )
        reading = plain.read(text.encode(), "a.txt")
        assert reading.places.place(Span(*re.search("The employer", reading.text).span())).speaker == "Amina"  # type: ignore[union-attr]

    def test_markdown_is_recognised_by_headings_of_its_kind(self) -> None:
        source = b"ILO\n\n# Who pays\n\nThe **employer**.\n\n## And who does not\n\nNobody."
        reading = plain.read(source, "a.txt")
        assert reading.text == "ILO\n\nWho pays\n\nThe employer.\n\nAnd who does not\n\nNobody."
        assert headings(reading) == [("Who pays", 1), ("And who does not", 2)]
        assert plain.read(b"# a setting\nfee = 1\n# another\nfare = 2\n", "a.txt").places.headings == ()

    def test_the_concept_note_with_its_title_and_programme(self, shared: Callable[[str], Path]) -> None:
        [path] = shared("documents").glob("*.txt")
        reading = readers.read(path.read_bytes(), path.name)
        assert str(reading.properties["title"]).startswith("Concept Note on Skills Partnerships for Demand")
        assert ("Webinar Objectives", 3) in headings(reading)
        assert "Matching Skills with Demand: This involves" in reading.text
        rows = reading.text.split("\n")
        assert "5 mins | Opening remarks - GIZ" in rows
        assert "Session 3B | 10 mins | Conclusion: Closing remarks and vote of thanks" in rows
        assert [
            row for row in rows if row.startswith("20mins | Topic 1: Kenya") and row.endswith("migration")
        ]
        assert (
            "Topic 2: Learning from an existing programme: Pacific Australia Labour Mobility (PALM) Scheme"
            in rows
        )
        assert not re.search(r"</?\w|\*\*|^#", reading.text, re.MULTILINE)


class TestMarkdown:
    def test_words_without_markup(self) -> None:
        source = (
            "# Who *pays*\n\nThe **employer** [pays](https://example.org) `half`;\nsee ![a chart](a.png).\n\n"
            "What goes wrong\n---\n\n- One *item*\n- Two\n  - Nested\n\n1. First\n\n"
            "| Country | Fee |\n|---|---|\n| Fiji | **0** |\n\n> Quoted\n> words.\n\n"
            "```\ncode\n```\n\n<b>Bold</b> end\n"
        )
        reading = markdown.read(source.encode(), "a.md")
        assert reading.text == (
            "Who pays\n\nThe employer pays half; see a chart.\n\n"
            "What goes wrong\n\nOne item\nTwo\nNested\n\nFirst\n\n"
            "Country | Fee\nFiji | 0\n\nQuoted words.\n\ncode\n\nBold end"
        )
        assert headings(reading) == [("Who pays", 1), ("What goes wrong", 2)]
        assert reading.properties == {"title": "Who pays"}

    def test_front_matter_becomes_properties(self) -> None:
        reading = markdown.read(
            b"---\ntitle: PALM\ndate: 2026-03-02\nthemes: [funding]\n---\nWords.\n", "a.md"
        )
        assert reading.properties == {"title": "PALM", "date": date(2026, 3, 2), "themes": ["funding"]}
        assert reading.text == "Words."

    def test_marks_become_notes_where_they_stood(self) -> None:
        source = (
            "---\nreferences:\n  P1: https://example.org (n.d.)\n  P2: from above\n---\n"
            "One.[^P1] Two.[^P2][^P3]\n\n- Item.[^P1]\n\n[^P2]: The *second*\n    report.\n"
        )
        reading = markdown.read(source.encode(), "a.md")
        assert reading.text == "One. Two.\n\nItem.\n\nNotes\n\nThe second report."
        notes = [(reading.text[: note.offset].split()[-1], note.text) for note in reading.places.notes]
        assert notes == [
            ("One.", "https://example.org (n.d.)"),
            ("Two.", "The second report."),
            ("Two.", "P3"),
            ("Item.", "https://example.org (n.d.)"),
        ]
        assert reading.places.notes_in(Span(0, 4)) == ("https://example.org (n.d.)",)

    @pytest.mark.parametrize(
        ("front", "words"),
        [
            ("title: a\nthemes: [b\n", "Line 4 is not valid YAML"),
            ("title: a: b\n", "Line 2 is not valid YAML"),
            ("- a\n", "not a list of 'key: value' lines"),
            ("a: &a [x]\nb: [*a, *a]\n", "Line 3 .*aliases"),
            ("a: !!python/object/apply:os.system [ls]\n", "Line 2"),
            ("a: " + "[" * 5000 + "\n", "YAML"),
            ("a: " + "x" * 300_000 + "\n", "more than 200,000 characters"),
            ("date: 2026-99-99\n", "YAML part is not valid"),
        ],
    )
    def test_broken_front_matter(self, front: str, words: str) -> None:
        with pytest.raises(FileRejected, match=words):
            markdown.read(f"---\n{front}---\nWords.\n".encode(), "a.md")

    @pytest.mark.parametrize("path", sorted(CORPUS.glob("*/*.md")), ids=lambda path: path.stem)
    def test_our_own_documents_read_clean(self, path: Path) -> None:
        reading = readers.read(path.read_bytes(), path.name)
        assert reading.properties["id"] == path.stem
        assert reading.places.headings
        assert "[^" not in reading.text and "**" not in reading.text and "](" not in reading.text
        assert not [line for line in reading.text.splitlines() if line.startswith(("#", "- ", "* ", "|"))]
        assert not [note for note in reading.places.notes if " " not in note.text]  # a bare label

    def test_rows_with_tabs_are_a_table_and_tags_in_cells_part_lines(self) -> None:
        source = (
            "Session\tMinutes\tTopic\n1\t5\t<ul><li>Opening</li><li>A|B</li></ul>\n\t10\t<b>Who</b> pays\n\n"
            "- an item\n\t- nested\n\t- nested too\n\n```\na\tb\nc\td\n```\n\n"
            "| Fee<br>in all | |\n|---|---|\n| 0 | |\n"
        )
        assert markdown.read(source.encode(), "a.md").text == (
            "Session | Minutes | Topic\n\n1 | 5 | Opening\nA|B\n10 | Who pays\n\n"
            "an item\nnested\nnested too\n\na b\nc d\n\nFee in all\n0"
        )

    def test_front_matter_without_an_end_or_with_a_key_twice(self) -> None:
        with pytest.raises(FileRejected, match="no such line after it"):
            markdown.read(b"---\ntitle: Who pays\nThe employer.\n", "a.md")
        with pytest.raises(FileRejected, match=r"Line 3 .* title is given twice"):
            markdown.read(b"---\ntitle: Who pays\ntitle: Nobody\n---\nWords.\n", "a.md")
        assert markdown.read(b"---\n\nWords: after a rule.\n", "a.md").text == "Words: after a rule."


class TestHtml:
    def test_what_the_page_is_about(self) -> None:
        page = """<!doctype html><html lang="fr-FR"><head><title>Le PALM</title>
            <meta name="Description" content="Qui paie">
            <meta property="article:published_time" content="2026-03-02T10:00">
            </head><body><nav>Accueil</nav><header>Site</header><div hidden>caché</div>
            <p style="display: none">caché</p><form><input>Chercher</form>
            <main><h1>Qui <em>paie</em></h1><p>L’employeur<br>avance
            le&nbsp;billet.</p>Des mots seuls.<ul><li>Un</li><li>Deux<ol><li>Trois</li></ol></li></ul>
            <table><tr><th>Pays</th><th>Frais</th></tr><tr><td>Fidji</td><td>0</td></tr></table>
            <script>x()</script><!-- rien --></main><aside>Voir aussi</aside><footer>Contact</footer>"""
        reading = html.read(page.encode(), "a.html")
        assert reading.text == (
            "Qui paie\n\nL’employeur\navance le billet.\n\nDes mots seuls.\n\n"
            "Un\nDeux\nTrois\n\nPays | Frais\nFidji | 0"
        )
        assert headings(reading) == [("Qui paie", 1)]
        assert reading.properties == {
            "title": "Le PALM",
            LANGUAGE_SETTING: "fr",
            "date": date(2026, 3, 2),
            "summary": "Qui paie",
        }

    def test_a_cell_that_spans_rows_keeps_them_together_and_its_paragraphs_are_lines(self) -> None:
        page = (
            "<body><table><tr><th>Session<th>What<tr><td rowspan=2>Session 1<td>Opening"
            "<tr><td><ul><li>Aims<li>Remarks</ul><tr><td>Session 2<td>Panel</table></body>"
        )
        assert html.read(page.encode(), "a.html").text == (
            "Session | What\n\nSession 1 | Opening\nAims\nRemarks\n\nSession 2 | Panel"
        )

    def test_a_page_that_is_all_form_is_read(self) -> None:
        page = b"<body><form><div><p>All of this old page stands in a form.</p></div></form></body>"
        assert html.read(page, "a.html").text == "All of this old page stands in a form."

    def test_the_encoding_that_the_page_names(self) -> None:
        page = '<meta charset="windows-1252"><p>compétences reconnues</p>'.encode("cp1252")
        assert html.read(page, "a.html").text == "compétences reconnues"

    def test_no_text(self) -> None:
        with pytest.raises(FileRejected, match="no text"):
            html.read(b"<html><body><script>x()</script></body></html>", "a.html")

    def test_deep_nesting_ends(self) -> None:
        with pytest.raises(FileRejected):
            html.read(b"<div>" * 200_000, "a.html")


class TestWord:
    def test_body_in_order(self) -> None:
        reading = docx.read(documents.word(), "a.docx")
        assert reading.text == (
            "Return and reintegration\n\nReturnees bring skills home.\n\nRecognition\n\n"
            "Test what people can do\nCertify it\n\nCountry | Centres\nGhana | 5\n\n"
            "Next steps\n\nAsk the ministry."
        )
        assert headings(reading) == [("Return and reintegration", 1), ("Recognition", 1), ("Next steps", 2)]
        assert reading.properties["title"] == "Return and reintegration"
        assert reading.properties["people"] == [{"name": "Amina Odhiambo", "role": "author"}]

    def test_a_cell_that_spans_rows_keeps_them_together_and_its_paragraphs_are_lines(self) -> None:
        rows = [["Session", "What"], ["Session 1", "Opening"], [None, "Aims|Remarks"], ["Session 2", "Panel"]]
        cell = "<w:tc><w:tcPr>{}</w:tcPr>{}</w:tc>"
        merge = {True: '<w:vMerge w:val="continue"/>', False: ""}

        def paragraphs(words: str | None) -> str:
            return "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in (words or "").split("|"))

        table = "".join(
            f"<w:tr>{''.join(cell.format(merge[words is None], paragraphs(words)) for words in row)}</w:tr>"
            for row in rows
        )
        namespace = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
        xml = f'<w:document xmlns:w="{namespace}"><w:body><w:tbl>{table}</w:tbl></w:body></w:document>'
        content = documents.with_entry(documents.word(), "word/document.xml", xml.encode())
        assert docx.read(content, "a.docx").text == (
            "Session | What\n\nSession 1 | Opening\nAims\nRemarks\n\nSession 2 | Panel"
        )

    def test_forms_insertions_and_text_boxes_are_read_deletions_are_not(self) -> None:
        body = (
            "<w:sdt><w:sdtPr/><w:sdtContent>"
            "<w:p><w:r><w:t>From a form.</w:t></w:r></w:p></w:sdtContent></w:sdt>"
            "<w:p><w:r><w:t>Kept </w:t></w:r><w:ins><w:r><w:t>added</w:t></w:r></w:ins>"
            "<w:del><w:r><w:delText>gone</w:delText><w:br/></w:r></w:del><w:r><w:t>!</w:t></w:r>"
            "<w:r><w:pict><w:txbxContent>"
            "<w:p><w:r><w:t>In a box.</w:t></w:r></w:p></w:txbxContent></w:pict></w:r></w:p>"
        )
        namespace = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
        xml = f'<w:document xmlns:w="{namespace}"><w:body>{body}</w:body></w:document>'
        content = documents.with_entry(documents.word(), "word/document.xml", xml.encode())
        assert docx.read(content, "a.docx").text == "From a form.\n\nKept added!\n\nIn a box."

    @pytest.mark.parametrize(
        ("content", "words"),
        [
            (documents.word()[:5000], "damaged"),
            (documents.archive({"word/document.xml": b"<x/>"}), "damaged"),
            (documents.with_entry(documents.word(), "word/document.xml", BOMB), "damaged|no text"),
            (
                documents.with_entry(
                    documents.word(), "word/media/a.bin", bytes(209_000_000) + randbytes(2_000_000)
                ),
                "unpack to far more",
            ),
            (
                documents.with_entry(documents.word(), "word/media/a.bin", bytes(30_000_000)),
                "unpack to far more",
            ),
        ],
        ids=["cut off", "no package", "entity bomb", "bomb", "small bomb"],
    )
    def test_what_cannot_be_read(self, content: bytes, words: str) -> None:
        with pytest.raises(FileRejected, match=words):
            docx.read(content, "a.docx")


class TestPowerPoint:
    def test_slides_in_order(self) -> None:
        reading = pptx.read(documents.slides(), "a.pptx")
        assert reading.text == (
            "Who pays\n\nEmployers advance the fare\nWorkers repay it\n\nItem | Payer\nVisa | Worker\n\n"
            "Inside a group\n\nSay that the limit is weekly.\n\nThank you"
        )
        assert str(reading.places.place(Span(0, 8))) == "slide 1"
        assert str(reading.places.place(Span(len(reading.text) - 9, len(reading.text)))) == "slide 3"
        assert headings(reading) == [("Who pays", 0)]

    def test_an_entity_bomb(self) -> None:
        content = documents.with_entry(documents.slides(), "ppt/slides/slide1.xml", BOMB)
        with pytest.raises(FileRejected, match="damaged"):
            pptx.read(content, "a.pptx")


def test_the_reader_is_chosen_by_name_and_content() -> None:
    assert readers.read(documents.slides(), "a.pptx").places.slides
    assert readers.read(documents.pdf([["A page."]]), "a.pdf").places.pages == (0,)
    captions = b"WEBVTT\n\n00:01.000 --> 00:02.000\n<v Amina>Hello to everybody.\n"
    assert readers.read(captions, "a.vtt").places.cues[0].speaker == "Amina"
