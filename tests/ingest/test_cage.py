"""The cage: whatever happens to the process inside, the caller gets a sentence and the next file is read."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ingest.cage import Cage, read_in_cage
from ingest.errors import FileRejected
from tests.ingest import documents

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has only the clock")


@pytest.fixture(scope="module")
def cage() -> Iterator[Cage]:
    with Cage("tests.ingest.strange_reader", cpu_seconds=1, wall_seconds=3.0, memory=512 << 20) as cage:
        yield cage


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("hang", "too long"),
        ("loop", "too long"),
        ("memory", "more memory"),
        ("memory in a reader", "more memory"),
        ("crash", "broke down"),
        ("exit", "broke down"),
        ("raise", "broke down"),
        ("connect", "broke down"),
        ("program", "broke down"),
        ("write", "broke down"),
        ("reject", "Not this one."),
    ],
)
def test_a_breakdown_is_a_rejected_file_and_the_next_one_is_read(cage: Cage, what: str, words: str) -> None:
    begun = time.monotonic()
    with pytest.raises(FileRejected, match=words) as caught:
        cage.read(b"12345", what)
    assert caught.value.name == what
    assert time.monotonic() - begun < 5
    assert cage.read(b"12345", "next.txt").text == "next.txt 5"


def test_an_answer_cannot_run_anything_here(cage: Cage, tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    with pytest.raises(FileRejected, match="broke down"):
        cage.read(str(trace).encode(), "forge")
    assert not trace.exists()


def test_what_a_parser_prints_does_not_get_into_the_answer(cage: Cage) -> None:
    assert cage.read(b"1", "print").text == "print 1"


def test_no_secret_of_the_environment_goes_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UJUZI_SECRET", "hush")
    with Cage("tests.ingest.strange_reader") as cage:
        assert "UJUZI_SECRET" not in cage.read(b"", "environment").text


def test_one_process_reads_several_files_and_is_replaced_after_so_many() -> None:
    with Cage("tests.ingest.strange_reader", files_per_child=2) as cage:
        first, second, third = (cage.read(b"", "process").text for _ in range(3))
    assert first == second != third
    assert str(os.getpid()) not in (first, third)


def test_no_process_is_left_behind() -> None:
    with Cage("tests.ingest.strange_reader") as cage:
        process = int(cage.read(b"", "process").text)
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


def test_threads_take_turns(cage: Cage) -> None:
    with ThreadPoolExecutor(8) as pool:
        texts = pool.map(lambda size: cage.read(b"x" * size, f"{size}.txt").text, range(100))
        assert list(texts) == [f"{size}.txt {size}" for size in range(100)]


def test_a_file_over_the_limit_is_not_even_opened(tmp_path: Path) -> None:
    path = tmp_path / "huge.pdf"
    with path.open("wb") as file:
        file.truncate(10**11)
    with pytest.raises(FileRejected, match="100000 MB"):
        read_in_cage(path, path.name)


def test_a_missing_file_is_rejected(tmp_path: Path) -> None:
    with pytest.raises(FileRejected, match="cannot be opened"):
        read_in_cage(tmp_path / "gone.pdf", "gone.pdf")


def test_a_real_reader_runs_within_the_limits() -> None:
    reading = read_in_cage(b"# Title\n\nA sentence with a source.[^1]\n\n[^1]: The report.\n", "a.md")
    assert reading.text == "Title\n\nA sentence with a source.\n\nNotes\n\nThe report."
    assert reading.places.notes[0].text == "The report."


def test_the_child_imports_nothing_heavy() -> None:
    code = "import ingest.caged, ingest.readers, sys; print(len(sys.modules), 'torch' in sys.modules)"
    root = Path(__file__).resolve().parents[2]
    modules, torch = subprocess.check_output([sys.executable, "-c", code], cwd=root, text=True).split()
    assert torch == "False"
    assert int(modules) < 250


def test_a_small_pdf_that_takes_long_is_stopped() -> None:
    """Eight kilobytes, thirty pages, three million operators: half a minute of work for the parser."""
    content = documents.pdf_of(zlib.compress(b"BT /F1 12 Tf " + b"()Tj " * 100_000 + b"ET", 9), pages=30)
    assert len(content) < 10_000
    with Cage(cpu_seconds=2) as cage, pytest.raises(FileRejected, match="too long"):
        cage.read(content, "a.pdf")


def test_strange_files_end_in_text_or_in_a_sentence(shared: Callable[[str], Path]) -> None:
    """Every fifth of 700 files that were made, or kept, to break parsers."""
    files = sorted(path for path in shared("eval/odd_documents").rglob("*") if path.is_file())[::5]
    read = 0
    with Cage() as cage:
        for path in files:
            try:
                reading = cage.read(path, path.name)
            except FileRejected as rejection:
                assert rejection.reason.endswith(".") and len(rejection.reason) < 250
                assert "broke down" not in rejection.reason and "too long" not in rejection.reason
            else:
                assert reading.text.strip()
                assert list(reading.places.pages) == sorted(reading.places.pages)
                read += 1
    assert read > len(files) // 3
