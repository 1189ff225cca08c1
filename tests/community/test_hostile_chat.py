"""A conversation that goes on after what it quotes was withdrawn, or after its reader signed out."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any, cast

import pytest

from bot.assistant import Assistant
from bot.pages.asking import Thread
from bot.pages.chat import build
from index.entries import WITHDRAWN
from index.library import Library
from index.scope import PUBLIC, STAFF, Reader
from tests.scripted import BREAD, IN_KENYA, WHO_PAYS, ScriptedAssistant, small_library

TAB = "0123456789abcdef" * 2
QUOTED = "train for six weeks before departure"


class Chat:
    """The events of the chat, called as the framework calls them."""

    def __init__(self, library: Library) -> None:
        self.reader = PUBLIC
        self.thread = Thread()
        blocks = build(cast("Assistant", ScriptedAssistant(library)), library, self._reader_of)
        self._events = {one.fn.__name__: one.fn for one in blocks.fns.values() if one.fn is not None}

    def _reader_of(self, _request: Any) -> Reader:
        return self.reader

    def send(self, event: str, question: str = "", said: object = None) -> str:
        """Everything that an event makes the page show."""
        from gradio import EventData

        values = {
            "question": question,
            "thread": self.thread,
            "tab": TAB,
            "private": False,
            "pressed": EventData(None, said),
            "request": SimpleNamespace(base_url="http://here/"),
        }
        names = inspect.signature(self._events[event]).parameters
        shown = []
        for updates in self._events[event](*(values.get(name, []) for name in names)):
            for value in updates.values():
                if isinstance(value, Thread):
                    self.thread = value
            shown.append(repr(updates))
        return "\n".join(shown)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    with small_library(tmp_path_factory.mktemp("library") / "data") as library:
        yield library


@pytest.fixture
def chat(library: Library) -> Iterator[Chat]:
    chat = Chat(library)
    assert QUOTED in chat.send("ask", IN_KENYA)
    yield chat
    if any(entry.source.id == "kenya" and entry.state == WITHDRAWN for entry in library.entries(STAFF)):
        library.publish("kenya", audience="public")


@pytest.mark.parametrize("event", ["ask", "ask_again"])
def test_what_was_withdrawn_is_not_shown_with_the_next_answer(
    chat: Chat, library: Library, event: str
) -> None:
    assert QUOTED in chat.send("ask", BREAD)  # above the answer, as long as it stands
    library.withdraw("kenya")
    shown = chat.send(event, WHO_PAYS, {"narrow": "yes"})
    assert QUOTED not in shown and QUOTED not in repr(chat.thread)
    assert IN_KENYA in shown  # that it was asked stays


def test_who_has_signed_out_is_not_shown_what_they_were_told_before(chat: Chat, library: Library) -> None:
    library.withdraw("kenya")
    library.publish("kenya", audience="staff")
    chat.reader = STAFF
    assert QUOTED in chat.send("ask", IN_KENYA)
    chat.reader = PUBLIC
    assert QUOTED not in chat.send("ask", WHO_PAYS)
    library.withdraw("kenya")  # and it is put back
