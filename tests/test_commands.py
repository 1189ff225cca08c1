"""The command line, as programs and people use it: section 8 of the design, key by key."""

from __future__ import annotations

import io
import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest

from app import main
from index.library import Library
from tests.clips import wav
from tests.fakes import HashEmbedder
from tests.ingest import documents

PALM = """---
id: palm
title: The PALM scheme
kind: good_practice
countries: [Australia, Kenya]
themes: [funding]
tier: checked
---
# The PALM scheme

The scheme brings seasonal workers to Australian farms.

## Financing

The employer pays the airfare first and carries 300 dollars of it. Wages bear the rest.
"""
TALK = """WEBVTT

00:00:01.000 --> 00:00:09.000
<v Moderator>Welcome to the webinar on recognition.

00:12:30.000 --> 00:12:41.000
<v Officer>The employer pays superannuation from the first day.
"""
PAGES = [["Handbook of partnerships", "Stakeholders meet in a joint committee."], ["It meets twice a year."]]
UJUZI = Path(sys.executable).with_name("ujuzi")


class Done(NamedTuple):
    status: int
    out: str
    err: str

    @property
    def value(self) -> dict[str, Any]:
        """The one JSON object that was printed."""
        assert self.out.count("\n") == 1 and self.out.endswith("\n")
        value = json.loads(self.out)
        assert isinstance(value, dict)
        return value


def ujuzi(*arguments: object) -> Done:
    """The command, in this process."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as ended:
        main([str(argument) for argument in arguments])
    code = ended.value.code
    return Done(code if isinstance(code, int) else 0 if code is None else 1, out.getvalue(), err.getvalue())


def real(*arguments: object, cwd: Path | None = None) -> Done:
    """The command as it is installed, in a process of its own."""
    command = [str(UJUZI), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=cwd)
    return Done(done.returncode, done.stdout, done.stderr)


def folder_with_models(folder: Path, models: Path) -> Path:
    folder.mkdir(parents=True)
    (folder / "models").symlink_to(models)
    return folder


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("papers")
    (folder / "palm.md").write_text(PALM)
    (folder / "webinar.vtt").write_text(TALK)
    (folder / "webinar.vtt.yaml").write_text("id: webinar\ntitle: Recognition\nevent: learning\n")
    (folder / "handbook.pdf").write_bytes(documents.pdf(PAGES))
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7 and then nothing")
    (folder / "empty.txt").write_bytes(b"")
    return folder


@pytest.fixture(scope="module")
def added(tmp_path_factory: pytest.TempPathFactory, papers: Path, models: Path) -> tuple[Path, Done]:
    """A library made by the real command from a folder with bad files in it."""
    data = folder_with_models(tmp_path_factory.mktemp("commands") / "data", models)
    return data, real("add", ".", "--json", "--data", data, cwd=papers)


@pytest.fixture
def data(added: tuple[Path, Done]) -> Path:
    return added[0]


def test_add_reports_each_file_keeps_the_good_and_fails_for_the_bad(added: tuple[Path, Done]) -> None:
    done = added[1]
    assert done.status == 1 and done.err == ""
    files = {one["path"]: one for one in done.value["files"]}
    assert set(files) == {"palm.md", "webinar.vtt", "handbook.pdf", "broken.pdf", "empty.txt"}
    assert all(set(one) == {"path", "status", "source_id", "passages", "reason"} for one in files.values())
    assert {path: one["status"] for path, one in files.items()} == {
        "palm.md": "added", "webinar.vtt": "added", "handbook.pdf": "added",
        "broken.pdf": "rejected", "empty.txt": "rejected",
    }  # fmt: skip
    assert files["palm.md"]["source_id"] == "palm" and files["palm.md"]["passages"] == 2
    assert files["palm.md"]["reason"] is None
    assert all(len(files[bad]["reason"]) > 20 for bad in ("broken.pdf", "empty.txt"))


def test_adding_again_is_unchanged_and_succeeds(data: Path, papers: Path) -> None:
    done = ujuzi("--json", "--data", data, "add", papers / "palm.md")
    assert done.status == 0 and done.value["files"][0]["status"] == "unchanged"


def test_a_person_reads_a_line_a_file(tmp_path: Path, models: Path, papers: Path) -> None:
    data = folder_with_models(tmp_path / "data", models)
    done = ujuzi("add", papers / "palm.md", papers / "empty.txt", "--data", data)
    assert done.status == 1
    assert re.search(r"added +.*palm\.md: palm, 2 passages", done.out)
    assert re.search(r"rejected +.*empty\.txt: \w+", done.out)


WORDS = "The employer pays the airfare of everybody who goes. "
BACKWARDS = "WEBVTT\n\n00:00:09.000 --> 00:00:01.000\nWho pays?\n\n00:00:19.000 --> 00:00:11.000\nNobody."
BAD: dict[str, tuple[bytes, str]] = {
    "unknown.xyz": (b"x", "Files that end in .xyz are not read"),
    "no-ending": (b"x", "Files without an ending"),
    "nothing.pdf": (b"", "is empty"),
    "damaged.pdf": (b"%PDF-1.7 and then nothing", "damaged"),
    "locked.pdf": (documents.locked_pdf("secret"), "password"),
    "scanned.pdf": (documents.scanned_pdf(), "looks scanned"),
    "really-a-pdf.docx": (documents.pdf([[WORDS]]), "is really a PDF"),
    "huge.txt": (b"x" * 50_000_001, "50 MB is the most"),
    "backwards.vtt": (BACKWARDS.encode(), "ends before it starts"),
    "scripts.html": (b"<html><body><script>x()</script></body></html>", "no text"),
    "front.md": (b"---\ntitle: a: b\n---\nWords.", "Line 2 is not valid YAML"),
    "described.txt": (WORDS.encode(), "The file described.yaml beside it"),
    "undated.txt": (WORDS.encode(), "Write a date as"),
}
GOOD = {
    "cp1252.vtt": "WEBVTT\n\n00:01.000 --> 00:04.000\nFormação: não é só isso.".encode("cp1252"),
    "utf-16.srt": "1\n00:00:01,000 --> 00:00:04,000\nFormação: não é só isso.".encode("utf-16"),
    "-leading.txt": f"{WORDS}One.".encode(),
    "right\u202eto-left.txt": f"{WORDS}Two.".encode(),
    f"{'n' * 251}.txt": f"{WORDS}Three.".encode(),
    "$(name) [x]; 'y'.txt": f"{WORDS}Four.".encode(),
}


def test_bad_input_is_refused_by_name_and_everything_else_is_kept(tmp_path: Path, models: Path) -> None:
    data = folder_with_models(tmp_path / "data", models)
    papers = tmp_path / "papers"
    papers.mkdir()
    for name, content in [*GOOD.items(), *((name, content) for name, (content, _) in BAD.items())]:
        (papers / name).write_bytes(content)
    (papers / "described.yaml").write_text("title: a: b")
    (papers / "undated.yaml").write_text("date: yesterday")
    (papers / "dangling.txt").symlink_to("nowhere")
    done = ujuzi("add", papers, papers / "gone.pdf", tmp_path / ("n" * 300), "--data", data, "--json")
    assert done.status == 1 and done.err == ""
    files = {Path(one["path"]).name: one for one in done.value["files"]}
    refused = {name: one["reason"] for name, one in files.items() if one["status"] == "rejected"}
    assert set(refused) == {*BAD, "dangling.txt", "gone.pdf", "n" * 300}
    assert all(sentence in refused[name] for name, (_, sentence) in BAD.items())
    assert all(reason.endswith(".") for reason in refused.values())
    assert {name for name, one in files.items() if one["status"] == "added"} == set(GOOD)
    stored = {source["file"] for source in ujuzi("list", "--data", data, "--json").value["sources"]}
    assert stored == {name.replace("\u202e", "") for name in GOOD}


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="names are text there")
def test_a_name_of_bytes_that_are_no_text_is_added(tmp_path: Path, models: Path) -> None:
    data = folder_with_models(tmp_path / "data", models)
    path = os.fsdecode(os.fsencode(tmp_path) + b"/odd\xff.txt")
    Path(path).write_text(WORDS)
    done = ujuzi("add", path, "--data", data, "--json")
    assert done.status == 0 and done.value["files"][0]["status"] == "added"
    assert ujuzi("list", "--data", data, "--json").value["sources"][0]["file"] == "odd.txt"


SOURCE = {
    "id", "title", "kind", "version", "state", "language", "date", "countries", "corridors", "sectors",
    "themes", "event", "people", "licence", "link", "illustrative", "tier", "part_of",
    "audience", "file", "digest",
}  # fmt: skip
PLACE = {"label", "pages", "seconds", "speaker", "slide", "heading"}


def test_list(data: Path) -> None:
    value = ujuzi("list", "--json", "--data", data).value
    assert set(value) == {"sources"} and len(value["sources"]) == 3
    assert all(set(source) == SOURCE for source in value["sources"])
    palm = next(source for source in value["sources"] if source["id"] == "palm")
    assert palm["countries"] == ["Australia", "Kenya"] and palm["state"] == "published"
    assert "palm  [published, good_practice]  The PALM scheme" in ujuzi("list", "--data", data).out


def test_show(data: Path) -> None:
    value = ujuzi("--data", data, "show", "webinar", "--version", 1, "--json").value
    assert set(value) == {"source", "text", "passages"} and set(value["source"]) == SOURCE
    passages = value["passages"]
    assert all(set(one) == {"id", "number", "span", "place"} for one in passages)
    assert all(set(one["place"]) == PLACE for one in passages)
    said = " ".join(value["text"][slice(*one["span"])] for one in passages)
    assert "superannuation" in said and "Welcome" in said
    assert passages[-1]["place"]["seconds"][1] == 761.0
    assert (
        "The PALM scheme\ngood_practice, en, version 1, published"
        in ujuzi("show", "palm", "--data", data).out
    )


@pytest.mark.parametrize("mode", ["hybrid", "words", "meaning"])
def test_search(data: Path, mode: str) -> None:
    value = ujuzi("search", "who pays the airfare?", "--mode", mode, "--data", data, "--json").value
    assert set(value) == {"query", "mode", "took_ms", "hits"}
    assert (value["query"], value["mode"]) == ("who pays the airfare?", mode) and value["took_ms"] > 0
    best = value["hits"][0]
    assert set(best) == {
        "rank", "score", "passage_id", "text", "span", "highlights", "source", "place", "link"
    }  # fmt: skip
    assert set(best["source"]) == {"id", "title", "kind", "version", "tier"}
    assert set(best["place"]) == PLACE
    assert best["passage_id"] == "palm@1:2" and best["place"]["heading"] == "Financing"
    assert best["link"].startswith("/sources/palm?version=1&from=")
    shown = ujuzi("show", "palm", "--data", data, "--json").value["text"]
    assert shown[slice(*best["span"])] == best["text"]
    assert "airfare" in [best["text"][start:end] for start, end in best["highlights"]]
    assert [hit["rank"] for hit in value["hits"]] == list(range(1, len(value["hits"]) + 1))


@pytest.mark.parametrize(
    ("words", "sources"),
    [
        ('"employer pays" -superannuation', {"palm"}),
        ("superann*", {"webinar"}),
        ('"pays employer"', set()),
    ],
)
def test_search_takes_phrases_beginnings_and_exclusions(data: Path, words: str, sources: set[str]) -> None:
    for mode in ("hybrid", "words"):
        value = ujuzi("search", words, "--mode", mode, "--data", data, "--json").value
        assert value["query"] == words
        assert {hit["source"]["id"] for hit in value["hits"]} == sources


@pytest.mark.parametrize(
    ("filters", "sources"),
    [
        (["--kind", "good_practice"], {"palm"}),
        (["--kind", "good_practice", "--kind", "transcript"], {"palm", "webinar"}),
        (["--country", "kenya"], {"palm"}),
        (["--theme", "funding"], {"palm"}),
        (["--event", "learning"], {"webinar"}),
        (["--speaker", "officer"], {"webinar"}),
        (["--source", "webinar"], {"webinar"}),
        (["--language", "en", "--top", "1"], None),
        (["--sector", "mining"], set()),
        (["--tier", "checked"], {"palm"}),
        (["--tier", "not reviewed"], {"webinar"}),
        (["--country", "Kenya", "--event", "learning"], set()),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_filters(data: Path, filters: list[str], sources: set[str] | None) -> None:
    asked = ["search", "employer pays", "--mode", "words", *filters]
    hits = ujuzi(*asked, "--data", data, "--json").value["hits"]
    if sources is None:
        assert len(hits) == 1
    else:
        assert {hit["source"]["id"] for hit in hits} == sources


def test_pages_and_speakers_in_places(data: Path) -> None:
    (hit, *_) = ujuzi("search", "joint committee", "--data", data, "--json").value["hits"]
    assert hit["place"]["pages"] == [1, 2] and hit["place"]["label"] == "pp. 1-2"
    (hit,) = ujuzi("search", "superannuation", "--speaker", "Officer", "--data", data, "--json").value["hits"]
    assert "Officer" in hit["place"]["speaker"] and hit["place"]["seconds"][1] == 761.0


def test_ask(data: Path) -> None:
    value = ujuzi("ask", "Who pays the airfare?", "--data", data, "--json").value
    wanted = {"question", "found", "text", "sentences", "citations", "nearest", "took_ms"}
    assert wanted <= set(value)
    assert value["found"] is True and value["nearest"] == []
    assert all(set(sentence) == {"text", "citations"} for sentence in value["sentences"])
    numbers = [citation["number"] for citation in value["citations"]]
    assert numbers == list(range(1, len(numbers) + 1))
    citation = value["citations"][0]
    assert {"number", "quote", "source", "place", "span", "link"} <= set(citation)
    text = ujuzi("show", citation["source"]["id"], "--data", data, "--json").value["text"]
    assert text[slice(*citation["span"])] == citation["quote"]
    assert "employer pays the airfare" in value["text"]


def test_ask_what_nothing_answers(data: Path) -> None:
    value = ujuzi("--json", "ask", "What does bread cost in Oslo?", "--data", data).value
    assert value["found"] is False and value["sentences"] == [] and value["citations"] == []
    assert all(set(hit["place"]) == PLACE for hit in value["nearest"])
    assert "does not answer" in ujuzi("ask", "What does bread cost in Oslo?", "--data", data).out


def test_ask_after_an_earlier_question(data: Path) -> None:
    asked = ["ask", "and superannuation?", "--after", "Who pays the airfare?", "--answerer", "quote"]
    value = ujuzi(*asked, "--data", data, "--json").value
    assert "superannuation" in value["question"] and value["question"] != "and superannuation?"


def test_check(data: Path) -> None:
    done = ujuzi("check", "--data", data, "--json")
    assert done.status == 0
    assert done.value == {"ok": True, "sources": 3, "passages": done.value["passages"], "problems": []}
    assert "All is well." in ujuzi("check", "--data", data).out


def test_check_fails_where_something_is_wrong(tmp_path: Path, models: Path, papers: Path) -> None:
    data = folder_with_models(tmp_path / "data", models)
    ujuzi("add", papers / "palm.md", "--data", data)
    next(path for path in (data / "originals").rglob("*") if path.is_file()).write_bytes(b"forged")
    done = ujuzi("check", "--data", data, "--json")
    assert done.status == 1 and done.value["ok"] is False
    (problem,) = done.value["problems"]
    assert set(problem) == {"source_id", "what", "repaired"} and problem["source_id"] == "palm"


def test_the_life_of_a_document(tmp_path: Path, models: Path, papers: Path) -> None:
    data = folder_with_models(tmp_path / "data", models)
    search = ["search", "who pays the airfare", "--mode", "words", "--data", data, "--json"]
    described = [
        "--title",
        "PALM, short",
        "--kind",
        "report",
        "--country",
        "Tonga",
        "--id",
        "short",
        "--draft",
    ]
    value = ujuzi("add", papers / "palm.md", *described, "--data", data, "--json").value
    assert value["files"][0]["source_id"] == "short"
    assert ujuzi(*search).value["hits"] == []
    for verb, hits in (("publish", 1), ("withdraw", 0), ("publish", 1), ("remove", 0)):
        done = ujuzi(verb, "short", "--data", data)
        assert done.status == 0 and done.out.startswith("short was ")
        found = ujuzi(*search).value["hits"]
        assert len(found) == hits
        assert all(hit["source"]["title"] == "PALM, short" for hit in found)
    assert ujuzi("list", "--data", data).out == "The library is empty.\n"


def test_a_withdrawal_has_a_reason_and_a_publication_its_readers_and_its_tier(
    tmp_path: Path, models: Path, papers: Path
) -> None:
    data = folder_with_models(tmp_path / "data", models)
    ujuzi("add", papers / "palm.md", "--data", data)
    assert ujuzi("withdraw", "palm", "--reason", "A figure was wrong.", "--data", data).status == 0
    how = ["--audience", "members", "--tier", "peer reviewed"]
    assert ujuzi("publish", "palm", *how, "--data", data).status == 0
    source = ujuzi("show", "palm", "--data", data, "--json").value["source"]
    assert (source["audience"], source["tier"]) == ("members", "peer reviewed")
    for wrong in (["--audience", "everybody"], ["--tier", "gold"]):
        assert "choose from" in ujuzi("publish", "palm", *wrong, "--data", data).err


def test_export_and_add_again(data: Path, tmp_path: Path, models: Path) -> None:
    folder, again = tmp_path / "exported", folder_with_models(tmp_path / "again", models)
    done = ujuzi("export", folder, "--data", data, "--json")
    assert done.status == 0
    assert {one["status"] for one in done.value["documents"]} == {"written"}
    assert ujuzi("add", folder, "--data", again).status == 0
    mine, theirs = (ujuzi("list", "--json", "--data", one).value["sources"] for one in (data, again))
    for one in (*mine, *theirs):
        del one["file"]
    assert mine == theirs
    assert "3 documents are there unchanged." in ujuzi("export", folder, "--data", data).out
    refused = ujuzi("export", tmp_path, "--data", data)
    assert refused.status == 1 and "holds other files" in refused.err


def test_a_recording_is_attached_and_detached(tmp_path: Path, models: Path, papers: Path) -> None:
    data = folder_with_models(tmp_path / "data", models)
    ujuzi("add", papers / "webinar.vtt", "--data", data)
    clip = wav(tmp_path / "clip.wav", minutes=0.1)
    done = ujuzi("recording", "learning", clip, "--data", data, "--json")
    assert done.status == 0 and done.value == {"webinar_id": "learning", "recording": "learning.wav"}
    assert (data / "recordings" / "learning.wav").read_bytes() == clip.read_bytes()
    assert ujuzi("check", "--data", data).status == 0
    done = ujuzi("recording", "learning", "--remove", "--data", data, "--json")
    assert done.status == 0 and done.value == {"webinar_id": "learning", "recording": None}
    assert not list((data / "recordings").iterdir())


def test_backup_and_restore(data: Path, tmp_path: Path) -> None:
    backup = tmp_path / "backup.zip"
    assert ujuzi("backup", backup, "--data", data).status == 0
    again = tmp_path / "again"
    assert ujuzi("restore", backup, "--data", again).status == 0
    mine = [ujuzi("list", "--json", "--data", folder).value for folder in (data, again)]
    assert mine[0] == mine[1]
    refused = ujuzi("restore", tmp_path / "nothing.zip", "--data", tmp_path / "third")
    assert refused.status == 1 and "cannot be read" in refused.err
    refused = ujuzi("restore", backup, "--data", again)
    assert refused.status == 1 and "holds a library already" in refused.err


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["search", "fee", "--kind", "novel"], "choose from concept_note"),
        (["ask", "fee?", "--theme", "weather"], "choose from skills matching"),
        (["search", "fee", "--mode", "psychic"], "no search mode psychic"),
        (["show", "nothing"], "no document called nothing"),
        (["show", "palm", "--version", "9"], "no document called palm"),
        (["publish", "nothing"], "no document called nothing"),
        (["publish", "palm"], "no draft"),
        (["withdraw", "nothing"], "no document called nothing"),
        (["remove", "nothing"], "no document called nothing"),
        (["ask", "fee?", "--answerer", "oracle"], "no answerer oracle"),
        (["ask", "fee?", "--answerer", "write"], "No language model is set up"),
        (["ask", " "], "Type a question first"),
        (["recording", "learning"], "Name the file of the recording"),
        (["recording", "learning", "talk.mp4", "--remove"], "Name the file of the recording"),
        (["recording", "learning", "/no/such.mp4"], "no such file"),
        (["recording", "learning", __file__], "not a recording that every browser plays"),
        (["recording", "learning", "--remove"], "learning has no recording"),
        (["recording", "../learning", "--remove"], "../learning has no recording"),
        (["recording", "webinar", "/no/such.mp4"], "webinar belongs to the webinar learning"),
        (["recording", "palm", "/no/such.mp4"], "no webinar or transcript called palm"),
        (["backup", "/no/such/folder/backup.zip"], "there is no folder"),
        (["evaluate", "/no/such/folder"], "missing"),
        (["evaluate-answers", "/no/such/file"], "not a SQuAD 2.0 file"),
        (["frobnicate"], "No such command"),
        (["search", "fee", "--top", "0"], "Invalid value"),
    ],
    ids=lambda value: " ".join(value)[:40] if isinstance(value, list) else "",
)
def test_a_mistake_is_a_sentence_on_standard_error(data: Path, arguments: list[str], sentence: str) -> None:
    done = ujuzi(*arguments, "--data", data, "--json")
    plain = " ".join(re.sub(r"[│╭╮╰╯─]", " ", done.err).split())
    assert done.status != 0 and done.out == ""
    assert sentence.casefold() in plain.casefold() and "Traceback" not in done.err


@pytest.mark.parametrize(
    "command",
    [["list"], ["search", "x"], ["check"], ["remove", "x"], ["publish", "x"], ["recording", "x", "--remove"]],
)
def test_a_mistyped_data_folder_is_not_made(tmp_path: Path, command: list[str]) -> None:
    done = ujuzi(*command, "--data", tmp_path / "typo")
    assert done.status == 1 and "There is no library in" in done.err
    assert not (tmp_path / "typo").exists()


def test_the_environment_names_the_data_folder_and_the_model(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UJUZI_DATA", str(data))
    assert len(ujuzi("list", "--json").value["sources"]) == 3
    monkeypatch.setenv("UJUZI_EMBEDDER", "someone/unknown")
    done = ujuzi("search", "fee")
    assert done.status == 1 and "Fetch it with: ujuzi model someone/unknown" in done.err


def test_words_that_look_like_options_and_odd_bytes(data: Path) -> None:
    assert ujuzi("--json", "--data", data, "search", "--", "--json").value["query"] == "--json"
    assert ujuzi("search", "--json", f"--data={data}", "\udcff fee").status == 0
    for odd in ("", "😀", "x" * 10_000):
        assert "hits" in ujuzi("search", odd, "--data", data, "--json").value


def test_evaluate(data: Path, tmp_path: Path) -> None:
    folder = tmp_path / "set"
    folder.mkdir()
    texts = {"d1": "Air fare of workers.", "d2": "Cattle graze.", "d3": "Nurses train in Kisumu."}
    rows = [json.dumps({"_id": key, "title": "", "text": text}) for key, text in texts.items()]
    (folder / "corpus.jsonl").write_text("\n".join(rows))
    (folder / "queries.jsonl").write_text('{"_id": "q", "text": "where do nurses train?"}\n')
    (folder / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\nq\td3\t1\n")
    value = ujuzi("evaluate", folder, "--run", tmp_path / "run", "--data", data, "--json").value
    assert set(value) == {
        "documents", "queries", "ndcg@10", "recall@100", "mrr@10", "index_seconds",
        "documents_per_second", "query_ms", "peak_rss_mb",
    }  # fmt: skip
    assert value["ndcg@10"] == 1.0 and set(value["query_ms"]) == {"p50", "p95"}
    assert (tmp_path / "run").read_text().startswith("q Q0 d3 1 ")


def test_evaluate_answers(data: Path, tmp_path: Path) -> None:
    context = (
        "Nurses train in Kisumu for two years. The ministry pays 300 dollars for the flight of each nurse."
    )
    asked = [
        {"question": "Who pays for the flight of each nurse?", "answers": [{"text": "ministry"}]},
        {"question": "Who trains pilots?", "answers": [], "is_impossible": True},
    ]
    squad = {"data": [{"title": "Nurses", "paragraphs": [{"context": context, "qas": asked}]}]}
    (tmp_path / "squad.json").write_text(json.dumps(squad))
    (tmp_path / "nothing.jsonl").write_text('{"_id": "1", "text": "How tall is the tower of Pisa?"}\n')
    done = ujuzi(
        *["evaluate-answers", tmp_path / "squad.json", "--nothing", tmp_path / "nothing.jsonl"],
        *["--out", tmp_path / "rows.jsonl", "--data", data, "--json"],
    )
    value = done.value
    assert set(value) == {
        "answerable", "unanswerable", "nothing", "answer_in_first_sentence", "answer_in_3_sentences",
        "false_abstention", "abstention", "near_miss_abstention", "exact_citations",
    }  # fmt: skip
    assert (value["answerable"], value["unanswerable"], value["nothing"]) == (1, 1, 1)
    assert value["answer_in_first_sentence"] == 1.0 and value["exact_citations"] == 1.0
    rows = [json.loads(line) for line in (tmp_path / "rows.jsonl").read_text().splitlines()]
    assert len(rows) == 3 and {"question", "found", "sentences", "citations"} <= set(rows[0])


# beside the running app


class Server(NamedTuple):
    data: Path
    address: str
    token: str


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, models: Path) -> Iterator[Server]:
    """The real app over a library of its own, on a free port."""
    data = folder_with_models(tmp_path_factory.mktemp("served") / "data", models)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(UJUZI), "serve", "--data", str(data), "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as serving:
        try:
            yield _ready(data, f"http://127.0.0.1:{port}", serving)
        finally:
            serving.terminate()


def _ready(data: Path, address: str, serving: subprocess.Popen[bytes]) -> Server:
    until = time.monotonic() + 60
    while time.monotonic() < until and serving.poll() is None:
        try:
            if httpx.get(f"{address}/health").is_success:
                return Server(data, address, json.loads((data / "running.json").read_text())["token"])
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError("the app did not start")


def test_add_hands_its_files_to_the_running_app(server: Server, papers: Path) -> None:
    described = ["--country", "Tonga", "--id", "handed-over"]
    done = ujuzi("add", papers / "palm.md", *described, "--data", server.data, "--json")
    assert done.status == 0, done.err
    (file,) = done.value["files"]
    assert file == {
        "path": str(papers / "palm.md"), "status": "added", "source_id": "handed-over", "passages": 2,
        "reason": None,
    }  # fmt: skip
    page = httpx.get(f"{server.address}/search", params={"q": "who pays the airfare", "country": "Tonga"})
    assert "airfare" in page.text and "The PALM scheme" in page.text
    mixed = [papers / "gone.pdf", papers / "webinar.vtt", papers / "empty.txt"]
    done = ujuzi("add", *mixed, "--data", server.data, "--json")
    assert done.status == 1
    assert [file["status"] for file in done.value["files"]] == ["rejected", "added", "rejected"]
    assert "Recognition" in ujuzi("list", "--data", server.data).out  # with what its sidecar says
    how = {"withdraw": ["--reason", "Nobody agreed."], "publish": ["--tier", "checked"], "remove": []}
    for verb, options in how.items():
        assert ujuzi(verb, "webinar", *options, "--data", server.data).status == 0
        if verb == "withdraw":
            gone = httpx.get(f"{server.address}/sources/webinar", headers={"accept": "text/html"})
            assert gone.status_code == 410 and "The reason given: Nobody agreed." in gone.text
        if verb == "publish":
            assert "Checked by staff" in httpx.get(f"{server.address}/sources/webinar").text
    done = ujuzi("remove", "webinar", "--data", server.data)
    assert done.status == 1 and "no document called webinar" in done.err
    done = ujuzi("check", "--data", server.data)
    assert done.status == 1 and "Another process is using the library" in done.err


def test_what_is_restricted_stays_so_at_the_door_of_the_running_app(server: Server, tmp_path: Path) -> None:
    (tmp_path / "minutes.txt").write_text("Canary words of the minutes.")
    (tmp_path / "minutes.txt.yaml").write_text("complete: true\nid: minutes\naudience: members\n")
    assert ujuzi("add", tmp_path / "minutes.txt", "--data", server.data).status == 0
    source = ujuzi("show", "minutes", "--data", server.data, "--json").value["source"]
    assert source["audience"] == "members"
    assert httpx.get(f"{server.address}/sources/minutes").status_code == 404


def test_a_recording_is_attached_beside_the_running_app(server: Server, papers: Path, tmp_path: Path) -> None:
    ujuzi("add", papers / "webinar.vtt", "--data", server.data)
    address, part = f"{server.address}/webinars/learning/recording", {"range": "bytes=0-11"}
    assert httpx.get(address, headers=part).status_code == 404
    done = ujuzi("recording", "learning", wav(tmp_path / "clip.wav", minutes=0.1), "--data", server.data)
    assert done.status == 0 and done.out == "clip.wav is the recording of learning now.\n"
    response = httpx.get(address, headers=part)
    assert response.status_code == 206 and response.content[8:] == b"WAVE"
    assert ujuzi("remove", "webinar", "--data", server.data).status == 0
    assert httpx.get(address, headers=part).status_code == 404
    assert not list((server.data / "recordings").iterdir())


def test_only_the_owner_may_change_the_library(server: Server) -> None:
    door = f"{server.address}/library/remove"
    for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": f"Basic {server.token}"}):
        assert httpx.post(door, data={"source_id": "x"}, headers=headers).status_code == 403
        files = {"file": ("x.txt", b"x")}
        reply = httpx.post(
            f"{server.address}/library/files", data={"identity": "x"}, files=files, headers=headers
        )
        assert reply.status_code == 403
    right = {"Authorization": f"Bearer {server.token}"}
    assert httpx.post(door, data={"source_id": "x"}, headers=right).status_code == 409
    assert (
        httpx.post(f"{server.address}/library/drop", data={"source_id": "x"}, headers=right).status_code
        == 404
    )
    assert (server.data / "running.json").stat().st_mode & 0o077 == 0


def test_the_right_token_from_elsewhere_is_refused(tmp_path: Path) -> None:
    from fastapi import FastAPI
    from fastapi.testclient import TestClient

    from bot.pages.doors import doors

    with Library(tmp_path, embedder=HashEmbedder()) as library:
        app = FastAPI()
        app.include_router(doors(library, "secret"))
        for host, status in (("192.168.1.7", 403), ("203.0.113.9", 403), ("127.0.0.1", 409), ("::1", 409)):
            client = TestClient(app, client=(host, 50_000))
            headers = {"Authorization": "Bearer secret"}
            assert (
                client.post("/library/remove", data={"source_id": "x"}, headers=headers).status_code == status
            )


def test_what_an_ended_app_left_behind_is_passed_over(server: Server, tmp_path: Path, models: Path) -> None:
    """Its address may be another library's by now, which must not be sent files."""
    data = folder_with_models(tmp_path / "data", models)
    (data / "running.json").write_text(json.dumps({"address": server.address, "token": "old"}))
    (tmp_path / "note.txt").write_text("The ferry leaves at noon.")
    done = ujuzi("add", tmp_path / "note.txt", "--data", data, "--json")
    assert done.status == 0 and done.value["files"][0]["status"] == "added"
    assert len(ujuzi("list", "--json", "--data", data).value["sources"]) == 1
