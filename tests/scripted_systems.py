"""Systems to compare that need no library, for the tests of the comparison."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable

from bench.peers.system import Found, Question, Setup, Text


class Words:
    """Ranks documents by how many of their words are in the question."""

    name = "words"
    version = "1.2"

    def __init__(self, setup: Setup) -> None:
        self._file = setup.folder / "kept.json"
        self._texts: dict[str, str] = {}

    def prepare(self) -> None:
        pass

    def index(self, texts: Iterable[Text]) -> None:
        self._texts = {f"{one.group}/{one.id}": one.whole for one in texts}

    def search(self, question: Question, top: int) -> list[Found]:
        asked = set(question.text.lower().split())
        inside = {name: text for name, text in self._texts.items() if name.startswith(question.group)}
        found = [
            Found(name.partition("/")[2], sum(word in asked for word in text.lower().split()), text)
            for name, text in inside.items()
        ]
        return sorted(found, key=lambda one: -one.score)[:top]

    def save(self) -> None:
        self._file.write_text(json.dumps(self._texts))

    def load(self) -> None:
        self._texts = json.loads(self._file.read_text())


class Slow(Words):
    """Never done with indexing."""

    def index(self, texts: Iterable[Text]) -> None:
        time.sleep(600)


class Heavy(Words):
    """Keeps half a GB while it indexes."""

    def index(self, texts: Iterable[Text]) -> None:
        kept = b"1" * 500_000_000
        time.sleep(600)
        assert kept


class Broken(Words):
    """Fails, and talks on standard output before it does."""

    def index(self, texts: Iterable[Text]) -> None:
        print("42%")  # noqa: T201
        raise RuntimeError("no space left for the index")


class Talkative(Words):
    """Prints what it is at."""

    def index(self, texts: Iterable[Text]) -> None:
        print("indexing ...")  # noqa: T201
        super().index(texts)
