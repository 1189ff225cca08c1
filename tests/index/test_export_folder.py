"""The published library as a folder of files, and the same library from that folder."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import yaml

from index.adding import add_files
from index.exporting import MANIFEST, Exported, export
from index.haystack import UjuziDocumentStore
from index.library import Library
from index.scope import STAFF
from ingest.cage import Cage
from ingest.domain import Person, Source
from ingest.errors import UjuziError
from ingest.reading import Document, find_files, read_document
from tests.clips import wav
from tests.fakes import HashEmbedder

FEES = b"---\ncountries: [Kenya]\nlicence: CC BY\n---\n# Fees\n\nThe employer pays the fee.\n"
EVENT = b"""id: fares
title: Fares
start: 2026-02-10T12:00:00+03:00
end: 2026-02-10T13:00:00+03:00
sessions:
  - title: Who pays
    minutes: 15
"""


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library(tmp_path / "library", embedder=HashEmbedder()) as library:
        yield library


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "exported"


def read(content: bytes, name: str, **described: object) -> Document:
    with Cage() as cage:
        return read_document(content, name, name, cage=cage, overrides=described)


def fees(**changes: object) -> Document:
    """The document of fees with another description than its file gives."""
    document = read(FEES, "fees.md", id="fees")
    return replace(document, source=replace(document.source, **changes))  # type: ignore[arg-type]


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def statuses(reports: Iterator[Exported]) -> dict[str, str]:
    return {report.source_id or report.path: report.status for report in reports}


def test_a_file_is_not_named_like_the_description_of_another(
    library: Library, folder: Path, tmp_path: Path
) -> None:
    """The event's file and what is said beside the text would both be event-fares.txt.yaml."""
    library.add(read(b"The employer pays the fee.", "fares.txt", id="event-fares", kind="other"))
    library.add(read(EVENT.replace(b"id: fares", b"id: fares.txt"), "fares.txt.yaml"))
    assert set(statuses(export(library, folder)).values()) == {"written"}
    assert set(again(tmp_path, folder)) == {"event-fares", "event-fares.txt"}


def again(tmp_path: Path, folder: Path) -> dict[str, tuple[Source, str]]:
    """What an empty machine has of an exported folder: descriptions and audiences by id."""
    with Library(tmp_path / "again", embedder=HashEmbedder()) as other:
        reports = list(add_files(other, find_files([folder])))
        assert {one.status for one in reports} <= {"added"}, reports
        return {one.source.id: (one.source, one.audience) for one in other.entries(STAFF)}


def test_a_description_comes_back_whole_also_where_the_file_says_otherwise(
    library: Library, folder: Path, tmp_path: Path
) -> None:
    described = fees(
        title="Who pays: yes, 'no' & 1.0 #",
        kind="good_practice",
        language="fr",
        date=date(2024, 4, 11),
        countries=(),  # the file says Kenya
        corridors=("Kenya -> Germany",),
        sectors=("care, long-term", "no"),
        themes=("funding",),
        event="fares",
        people=(Person("A. Writer", "author"), Person("On")),
        licence="",
        link="https://example.org/?a=1#b",
        illustrative=True,
        tier="peer reviewed",
        part_of="main",
    )
    library.add(described, audience="members")
    assert statuses(export(library, folder)) == {"fees": "written"}
    assert again(tmp_path, folder) == {"fees": (described.source, "members")}
    assert (folder / "good_practice" / "fees.md").read_bytes() == FEES


def test_what_is_restricted_is_not_made_public_by_any_kind_of_file(
    library: Library, folder: Path, tmp_path: Path
) -> None:
    event = read(EVENT, "fares.yaml")
    event = replace(event, source=replace(event.source, tier="checked"))
    library.add(event, audience="staff")
    library.add(fees(), audience="members")
    list(export(library, folder))
    back = again(tmp_path, folder)
    assert back == {"event-fares": (event.source, "staff"), "fees": (fees().source, "members")}


def test_only_what_is_published_is_written(library: Library, folder: Path) -> None:
    library.add(fees())
    library.add(read(b"Canary, a draft.", "draft.txt", id="draft"), draft=True)
    library.add(read(b"Canary, a new version.", "fees.txt", id="fees"), draft=True)
    library.add(read(b"Canary, taken back.", "gone.txt", id="gone"))
    library.withdraw("gone", reason="Canary")
    library.add(read(b"Canary, given up.", "given.txt", id="given"), draft=True)
    library.discard("given")
    list(export(library, folder))
    assert set(files(folder)) == {MANIFEST, "other/fees.md", "other/fees.md.yaml"}
    assert b"Canary" not in b"".join(files(folder).values())


def test_a_second_export_changes_nothing_and_a_third_only_what_changed(
    library: Library, folder: Path
) -> None:
    library.add(fees())
    library.add(read(b"The wage.", "wages.txt", id="wages"))
    list(export(library, folder))
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}
    assert statuses(export(library, folder)) == {"fees": "unchanged", "wages": "unchanged"}
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()} == before
    library.withdraw("wages")
    library.add(fees(kind="report"))
    assert statuses(export(library, folder)) == {
        "fees": "written",
        "other/fees.md": "removed",
        "other/fees.md.yaml": "removed",
        "other/wages.txt": "removed",
        "other/wages.txt.yaml": "removed",
    }
    assert set(files(folder)) == {MANIFEST, "report/fees.md", "report/fees.md.yaml"}
    assert not (folder / "other").exists()


def test_the_same_bytes_under_two_names_come_back_as_two(
    library: Library, folder: Path, tmp_path: Path
) -> None:
    library.add(fees())
    library.add(fees(id="twin", title="Twin"), known=True)
    list(export(library, folder))
    assert set(again(tmp_path, folder)) == {"fees", "twin"}


def test_a_folder_of_other_files_is_left_alone(library: Library, folder: Path) -> None:
    library.add(fees())
    folder.mkdir()
    (folder / "thesis.md").write_text("Mine.")
    with pytest.raises(UjuziError, match="holds other files"):
        list(export(library, folder))
    assert set(files(folder)) == {"thesis.md"}
    with pytest.raises(UjuziError, match="is a file"):
        list(export(library, folder / "thesis.md"))
    for inside in (library.folder, library.folder / "originals"):
        with pytest.raises(UjuziError, match="belongs to the library"):
            list(export(library, inside))


def test_a_repository_is_exported_into_and_what_others_put_there_stays(
    library: Library, folder: Path
) -> None:
    (folder / ".git").mkdir(parents=True)
    (folder / ".git" / "HEAD").write_text("ref")
    library.add(fees())
    list(export(library, folder))
    (folder / "README.md").write_text("Mine.")
    (folder / "other" / "notes.md").write_text("Mine, too.")
    library.withdraw("fees")
    list(export(library, folder))
    assert set(files(folder)) == {MANIFEST, ".git/HEAD", "README.md", "other/notes.md"}


def test_a_file_of_somebody_elses_is_not_overwritten(library: Library, folder: Path) -> None:
    list(export(library, folder))
    (folder / "other").mkdir()
    (folder / "other" / "fees.md").write_text("Mine.")
    library.add(fees())
    for _ in range(2):
        (report,) = export(library, folder)
        assert report.status == "failed" and "somebody else's" in report.reason
    library.withdraw("fees")
    list(export(library, folder))
    assert (folder / "other" / "fees.md").read_text() == "Mine."


@pytest.mark.parametrize(
    "name",
    ["../precious", "/etc/passwd", "other/../../precious", "other/..", "secret/precious", ".git/HEAD", 7],
)
def test_a_manifest_leads_nowhere_else(library: Library, folder: Path, tmp_path: Path, name: object) -> None:
    (tmp_path / "precious").write_text("Mine.")
    for inside in (folder / "secret" / "precious", folder / ".git" / "HEAD"):
        inside.parent.mkdir(parents=True)
        inside.write_text("Mine.")
    (folder / MANIFEST).write_text(json.dumps({"files": [name]}))
    try:
        list(export(library, folder))
    except UjuziError:
        assert name == 7
    for kept in (tmp_path / "precious", folder / "secret" / "precious", folder / ".git" / "HEAD"):
        assert kept.read_text() == "Mine."


def test_a_link_in_the_folder_leads_nowhere_else(library: Library, folder: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    library.add(fees())
    list(export(library, folder))
    for path in (folder / "other").iterdir():
        path.rename(outside / path.name)
    (folder / "other").rmdir()
    (folder / "other").symlink_to(outside)
    library.add(fees(title="Another"))
    (report,) = export(library, folder)
    assert report.status == "failed" and "leads elsewhere" in report.reason
    library.withdraw("fees")
    list(export(library, folder))
    assert len(list(outside.iterdir())) == 2


@pytest.mark.parametrize(
    "identity", ["../../etc/passwd", ".hidden", "con", "A/B\\C", "a" * 300, "nul.txt", "\x1b[31m", "end."]
)
def test_a_hostile_id_becomes_a_harmless_name_or_is_refused_by_name(
    library: Library, folder: Path, identity: str
) -> None:
    library.add(fees(id=identity))
    (report,) = export(library, folder)
    names = [name for name in files(folder) if name != MANIFEST]
    assert all(name.startswith("other/") and name.count("/") == 1 for name in names)
    assert not any(name.split("/")[1].startswith((".", "con.", "nul.")) or "\\" in name for name in names)
    assert [path.name for path in folder.parent.iterdir() if path.name not in ("library", "exported")] == []
    if report.status == "failed":
        assert "id" in report.reason and not names
    else:
        assert len(names) == 2 and identity in ("con", "nul.txt", "end.")


def test_two_documents_never_share_a_file(library: Library, folder: Path, tmp_path: Path) -> None:
    """The description of one would have the name of the other."""
    library.add(read(EVENT, "x.yaml", id="fees.md"))
    library.add(fees())
    list(export(library, folder))
    assert len(files(folder)) == 5
    assert set(again(tmp_path, folder)) == {"fees", "fees.md"}


def test_what_cannot_be_written_is_said(library: Library, folder: Path, tmp_path: Path) -> None:
    from haystack import Document as Outside

    library.add(fees())
    UjuziDocumentStore(library).write_documents([Outside(content="Written by a component.")])
    library.add(read(EVENT, "fares.yaml"))
    library.attach_recording("fares", wav(tmp_path / "clip.wav", minutes=0.01))
    library.originals.path(fees().digest).write_bytes(b"damaged")
    reports = {report.source_id: report for report in export(library, folder)}
    assert reports["fees"].status == "failed" and "missing or changed" in reports["fees"].reason
    outside = next(report for name, report in reports.items() if name.startswith("outside-"))
    assert outside.status == "left out" and "another framework" in outside.reason
    assert reports["fares"].status == "left out" and "ujuzi backup" in reports["fares"].reason
    assert reports["event-fares"].status == "written"


def test_a_good_copy_outlives_the_damage_of_its_original(library: Library, folder: Path) -> None:
    library.add(fees())
    list(export(library, folder))
    library.originals.path(fees().digest).write_bytes(b"damaged")
    for _ in range(2):
        (report,) = export(library, folder)
        assert report.status == "failed"
        assert (folder / "other" / "fees.md").read_bytes() == FEES


def test_it_works_beside_the_process_that_owns_the_library(library: Library, folder: Path) -> None:
    library.add(fees())
    with Library(library.folder, embedder=HashEmbedder(), read_only=True) as beside:
        assert statuses(export(beside, folder)) == {"fees": "written"}


def test_a_description_is_plain_to_read(library: Library, folder: Path) -> None:
    library.add(fees(title="Frais d’émigration"), audience="members")
    list(export(library, folder))
    text = (folder / "other" / "fees.md.yaml").read_text(encoding="utf-8")
    assert "title: Frais d’émigration\n" in text and "audience: members\n" in text
    assert yaml.safe_load(text)["complete"] is True
