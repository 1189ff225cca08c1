"""The demonstration library keeps the rules by which it was written."""

from __future__ import annotations

import importlib.util
import re
import shutil
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from ingest.domain import Source
from ingest.reading import Document

ROOT = Path(__file__).resolve().parents[2]
CORPUS = ROOT / "corpus"
PLACES = ROOT / "bot" / "verification" / "lexicon" / "places.txt"
KINDS = {"concept_note", "good_practice", "transcript", "slides", "report", "guideline", "event"}
THEMES = {
    "skills matching",
    "recognition and portability",
    "training and support",
    "return and reintegration",
    "stakeholders",
    "needs",
    "action plan",
    "funding",
    "monitoring",
}
SECTORS = {
    "agriculture",
    "meat processing",
    "aged care",
    "health",
    "domestic work",
    "hospitality",
    "construction",
    "ICT",
    "transport",
    "education",
    "manufacturing",
    "renewable energy",
    "logistics",
    "all sectors",
}
TEMPLATE = [
    "Context",
    "Objective",
    "Actors",
    "Key features",
    "Coordination",
    "Financing",
    "Skills recognition",
    "Protection",
    "Results",
    "Challenges",
    "Lessons",
    "Transferability",
    "Contact",
    "Sources",
]
STEPS = ["Stakeholders", "Needs", "Action plan", "Funding", "Implementation and monitoring"]
COMPONENTS = [
    "Skills matching",
    "Recognition and portability",
    "Training and support",
    "Return and reintegration",
]
REAL_PEOPLE = re.compile(
    "mbaka|lokotui|okal|tshapela|kariuki|clemens|amongi|faeser|mudavadi|scholz|ruto|mutua|bore", re.I
)
WITHOUT_CORRIDOR = {
    # about one country's system
    "kenya-rpl",
    "korea-employment-permit-system",
    "philippines-pre-departure",
    "sri-lanka-returnee-skills",
    "tanzania-veta-rpl",
    # about none in particular
    "call-for-good-practices",
    "good-practice-form",
    "institutions-and-programmes",
    "portal-guide",
    "quadros-e-acordos-pt",
    "rpl-for-migrants-concept",
    "skills-partnerships-concept",
}
WORKSHEETS = ("concept_notes", "good_practices", "guides", "languages", "reports")
NOTE = re.compile(r"\[\^([A-Z]+\d+[a-z]?)\]")
MARK = re.compile(r" ?\[[A-Z]+\d+[a-z]?\]")
RECURRING = 8  # words
COPIED = 12  # words; the longest name, with its office, has 11


def markdown_files() -> list[Path]:
    return sorted(path for folder in WORKSHEETS for path in (CORPUS / folder).glob("*.md"))


def transcripts() -> list[Path]:
    return sorted((CORPUS / "transcripts").glob("*.vtt"))


def made_documents() -> list[Path]:
    return [
        path for path in sorted((CORPUS / "documents").iterdir()) if path.suffix in (".pdf", ".docx", ".pptx")
    ]


def described_files() -> list[Path]:
    return [*markdown_files(), *made_documents(), *transcripts()]


def described(path: Path) -> Mapping[str, Any]:
    """The front matter of a Markdown file, the sidecar of any other."""
    if path.suffix == ".md":
        return dict(yaml.safe_load(path.read_text(encoding="utf-8").split("---\n", 2)[1]))
    return dict(yaml.safe_load(path.with_suffix(".yaml").read_text(encoding="utf-8")))


def body(path: Path) -> str:
    """The words of a file with its footnote marks, as they were written."""
    if path.suffix == ".md":
        return path.read_text(encoding="utf-8").split("---\n", 2)[2]
    return (CORPUS / "manuscripts" / f"{path.stem}.text").read_text(encoding="utf-8")


def documents(stored: dict[str, Document]) -> Iterator[Source]:
    return (one.source for one in stored.values() if not one.source.is_programme)


def headings(document: Document, level: int) -> list[str]:
    return [mark.label for mark in document.places.headings if mark.level == level]


def prose(document: Document) -> Iterator[str]:
    """The text between headings, without marks; of made documents neither title page nor list of sources."""
    made = document.media_type in ("pdf", "docx", "pptx")
    marks = document.places.headings
    end = len(document.text)
    for mark in reversed(marks):
        if not made or (mark.label != "Sources" and mark is not marks[0]):
            yield MARK.sub("", document.text[mark.offset + len(mark.label) : end])
        end = mark.offset
    yield document.text[:end]


def runs(text: str, length: int) -> Iterator[tuple[str, ...]]:
    words = re.findall(r"\w+", text.casefold())
    return zip(*(words[start:] for start in range(length)), strict=False)


def sequences(document: Document) -> Iterator[tuple[str, ...]]:
    """Each run of words in it, save in the lines that Ujuzi adds to an event: its time and its speakers."""
    for piece in prose(document):
        for block in piece.split("\n\n"):
            if "Africa/Nairobi" not in block and not re.match(r"\d+ minutes?\. With ", block):
                yield from runs(block, RECURRING)


def seconds(time: str) -> float:
    hours, minutes, rest = time.split(":")
    return 3600 * int(hours) + 60 * int(minutes) + float(rest)


class TestDescriptions:
    def test_identity_and_licence(self, stored: dict[str, Document]) -> None:
        for source in documents(stored):
            assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", source.id), source.id
            assert source.title, source.id
            assert source.licence == "CC BY 4.0", source.id
            assert source.language in {"en", "fr", "pt", "sw"}, source.id
            assert source.date is not None, source.id
            assert source.date.year == 2026, source.id

    def test_kinds_themes_and_sectors_are_those_agreed(self, stored: dict[str, Document]) -> None:
        for source in documents(stored):
            assert source.kind in KINDS, source.id
            assert source.themes, source.id
            assert set(source.themes) <= THEMES, source.id
            assert source.sectors, source.id
            assert set(source.sectors) <= SECTORS, source.id

    def test_places(self, stored: dict[str, Document]) -> None:
        for source in documents(stored):
            assert source.countries or source.id in {"good-practice-form", "portal-guide"}, source.id
            for corridor in source.corridors:
                assert re.fullmatch(r"[\w -]+ -> [\w -]+", corridor), corridor
                for country in corridor.split(" -> "):
                    assert country in source.countries, f"{source.id}: {corridor}"

    def test_corridors(self, stored: dict[str, Document]) -> None:
        assert {source.id for source in documents(stored) if not source.corridors} <= WITHOUT_CORRIDOR

    def test_a_country_has_one_name(self, stored: dict[str, Document]) -> None:
        """The first on its line of the lexicon: a question or filter would miss what has another."""
        lines = PLACES.read_text(encoding="utf-8").splitlines()
        names = {line.split(",")[0].strip() for line in lines if not line.startswith("#")}
        used = {country for source in documents(stored) for country in source.countries}
        used |= {country for one in stored.values() if one.event for country in one.event.countries}
        assert used - names == set()

    def test_events_exist(self, stored: dict[str, Document]) -> None:
        events = {one.source.event for one in stored.values() if one.source.is_programme}
        assert {source.event for source in documents(stored) if source.event} <= events

    def test_languages(self, stored: dict[str, Document]) -> None:
        assert Counter(source.language for source in documents(stored)).keys() == {"en", "fr", "pt", "sw"}


class TestReferences:
    @pytest.mark.parametrize("path", [*markdown_files(), *made_documents()], ids=lambda path: path.name)
    def test_each_mark_has_its_reference_and_the_other_way_round(self, path: Path) -> None:
        assert set(NOTE.findall(body(path))) == set(described(path).get("references") or {})

    @pytest.mark.parametrize("path", transcripts(), ids=lambda path: path.name)
    def test_transcripts_name_their_sources(self, path: Path) -> None:
        references = {**described(path)["references"]}
        references.pop("C0", None)  # the concept note of 2024, which has no address
        assert len(references) >= 10
        assert all(re.match(r"https?://\S+ \(.+\)", str(value)) for value in references.values())

    @pytest.mark.parametrize("path", described_files(), ids=lambda path: path.name)
    def test_each_gives_the_address_and_date_of_the_facts(
        self, path: Path, shared: Callable[[str], Path]
    ) -> None:
        rows = re.findall(
            r"^\| ([A-Z]+\d+[a-z]?) \| .+? \| (https?://\S+) \| (.+?) \|",
            shared("facts.md").read_text(encoding="utf-8"),
            re.M,
        )
        facts = {code: f"{address} ({date})" for code, address, date in rows}
        references = dict(described(path).get("references") or {})
        references.pop("C0", None)  # the concept note of 2024, which has no address
        assert references == {code: facts.get(code) for code in references}

    def test_no_marks_are_left_in_what_is_stored(self, stored: dict[str, Document]) -> None:
        assert [identity for identity, one in stored.items() if "[^" in one.text] == []


class TestGoodPractices:
    def test_there_are_enough(self, stored: dict[str, Document]) -> None:
        assert sum(source.kind == "good_practice" for source in documents(stored)) >= 14

    def test_each_follows_the_template(self, stored: dict[str, Document]) -> None:
        for document in stored.values():
            if document.source.kind == "good_practice":
                assert headings(document, 2) == TEMPLATE, document.source.id

    def test_length(self, stored: dict[str, Document]) -> None:
        for document in stored.values():
            if document.source.kind == "good_practice":
                assert 600 <= len(document.text.split()) <= 1850, document.source.id

    @pytest.mark.parametrize(
        ("subject", "sheet"), [("palm", "palm-scheme"), ("kenya", "kenya-skills-based-migration")]
    )
    def test_palm_and_kenya_go_deep(self, subject: str, sheet: str, stored: dict[str, Document]) -> None:
        practices = [one.source.id for one in stored.values() if one.source.kind == "good_practice"]
        assert sum(identity.startswith(f"{subject}-") for identity in practices) >= 3
        assert len(stored[sheet].text.split()) >= 1400


class TestConceptNotes:
    def test_there_are_three(self, stored: dict[str, Document]) -> None:
        assert sum(source.kind == "concept_note" for source in documents(stored)) >= 3

    def test_components_and_steps_are_explained_under_their_names(self, stored: dict[str, Document]) -> None:
        found = headings(stored["skills-partnerships-concept"], 2)
        assert [one for one in found if one in COMPONENTS] == COMPONENTS
        assert [one for one in found if one in STEPS] == STEPS


class TestTranscripts:
    def test_there_are_six(self) -> None:
        assert len(transcripts()) >= 6

    @pytest.mark.parametrize("path", transcripts(), ids=lambda path: path.name)
    def test_length(self, path: Path, stored: dict[str, Document]) -> None:
        document = stored[path.stem]
        ends = [one.end for one in document.places.cues if one.end is not None]
        assert len(document.text.split()) >= 2500
        assert 20 * 60 <= ends[-1] <= 40 * 60
        assert ends == sorted(ends)

    @pytest.mark.parametrize("path", transcripts(), ids=lambda path: path.name)
    def test_it_says_that_it_is_illustrative(self, path: Path, stored: dict[str, Document]) -> None:
        document = stored[path.stem]
        assert document.source.illustrative
        assert re.match(r"WEBVTT\s+NOTE\s+Illustrative", path.read_text(encoding="utf-8"))
        assert "illustrative" in document.text.split("\n\n")[0] or "made-up" in document.text.split("\n\n")[0]
        assert stored[f"event-{path.stem}"].source.illustrative

    @pytest.mark.parametrize("path", transcripts(), ids=lambda path: path.name)
    def test_speakers_are_roles(self, path: Path, stored: dict[str, Document]) -> None:
        document = stored[path.stem]
        speakers = {cue.speaker for cue in document.places.cues}
        assert None not in speakers
        assert 5 <= len(speakers) <= 12
        assert speakers == {person.name for person in document.source.people}
        assert not [one for one in speakers if REAL_PEOPLE.search(str(one))]

    @pytest.mark.parametrize("path", transcripts(), ids=lambda path: path.name)
    def test_it_belongs_to_an_event_of_the_same_day(self, path: Path, stored: dict[str, Document]) -> None:
        source = stored[path.stem].source
        assert source.event == path.stem
        assert str(source.date) == path.stem[:10]


class TestEvents:
    def test_the_webinar_of_april_2024(self, stored: dict[str, Document]) -> None:
        event = stored["event-2024-04-11-skills-partnerships"].event
        assert event is not None
        assert not event.illustrative
        assert (event.start.isoformat(), event.end.isoformat()) == (
            "2024-04-11T12:00:00+03:00",
            "2024-04-11T13:00:00+03:00",
        )
        assert [session.minutes for session in event.sessions] == [5, 10, 20, 15, 10]

    def test_its_speakers_are_announced_and_the_report_differs(self, stored: dict[str, Document]) -> None:
        event = stored["event-2024-04-11-skills-partnerships"].event
        assert event is not None
        roles = {person.name: person.role or "" for session in event.sessions for person in session.people}
        assert "announced" in roles["Acquillyne Mbaka"]
        assert "announced" in roles["Pita Foliaki Lokotui"]
        for name in ("Wanjiru Kariuki", "Albert William Okal", "Zipho Tshapela"):
            assert name in event.notes
            assert name not in roles

    def test_the_sessions_fill_the_time(self, stored: dict[str, Document]) -> None:
        for document in stored.values():
            if (event := document.event) is not None:
                minutes = sum(session.minutes or 0 for session in event.sessions)
                assert minutes <= (event.end - event.start).total_seconds() / 60, event.id

    def test_materials_are_in_the_library(self, stored: dict[str, Document]) -> None:
        for document in stored.values():
            if document.event is not None:
                assert set(document.event.materials) <= set(stored), document.event.id


class TestMadeDocuments:
    def test_all_formats_are_there(self) -> None:
        assert {path.suffix for path in made_documents()} == {".pdf", ".docx", ".pptx"}

    def test_they_can_be_made_again(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """The same bytes come out; only the script's packages are needed."""
        for name in ("reportlab", "docx", "pptx"):
            pytest.importorskip(name)
        shutil.copytree(CORPUS / "documents", tmp_path / "documents")
        spec = importlib.util.spec_from_file_location("make_documents", CORPUS / "make_documents.py")
        assert spec is not None
        assert spec.loader is not None
        script = importlib.util.module_from_spec(spec)
        monkeypatch.setitem(sys.modules, "make_documents", script)
        spec.loader.exec_module(script)
        monkeypatch.setattr(script, "FOLDER", tmp_path / "documents")
        for path in made_documents():
            (tmp_path / "documents" / path.name).unlink()
        script.main()
        for path in made_documents():
            assert (tmp_path / "documents" / path.name).read_bytes() == path.read_bytes(), path.name

    @pytest.mark.parametrize("path", made_documents(), ids=lambda path: path.name)
    def test_their_headings_are_read(self, path: Path, stored: dict[str, Document]) -> None:
        written = re.findall(r"^##? (.+)$", body(path), re.M)
        read = [mark.label for mark in stored[path.stem].places.headings]
        assert [one for one in written if one not in read] == []


def test_no_eight_words_recur(stored: dict[str, Document]) -> None:
    """Outside headings, between documents or within one."""
    counted = Counter(words for document in stored.values() for words in sequences(document))
    assert [" ".join(words) for words, count in counted.items() if count > 1] == []


def test_no_sentence_is_copied(stored: dict[str, Document], shared: Callable[[str], Path]) -> None:
    """Neither from the collected facts nor from the concept note; the glossary's foreign terms are theirs."""
    facts = shared("facts.md").read_text(encoding="utf-8").partition("## Sources")[0]
    texts = [re.sub(r"\[[^\]]*\]", "", line) for line in facts.splitlines()]
    texts += [path.read_text(encoding="utf-8") for path in sorted(shared("documents").iterdir())]
    given = {words for text in texts for words in runs(text, COPIED)}
    found = {
        identity: [" ".join(words) for piece in prose(one) for words in runs(piece, COPIED) if words in given]
        for identity, one in stored.items()
        if identity != "glossary"
    }
    assert {identity: copied for identity, copied in found.items() if copied} == {}


def test_nothing_is_long_enough_to_drown_the_rest(stored: dict[str, Document]) -> None:
    words = {identity: len(document.text.split()) for identity, document in stored.items()}
    assert max(words.values()) < sum(words.values()) / 10
