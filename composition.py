"""The web app put together: the façades, what the packages need of each other, the pages and the chat."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from bot.assistant import Assistant, assistant_for
from bot.pages.hearing import Heard, Listener
from index.library import Library
from index.scope import Reader, Scope
from settings import Settings

if TYPE_CHECKING:
    from fastapi import FastAPI

    from community.gaps.questions import QuestionLog
    from community.people import Person


def build(library: Library, settings: Settings, token: str) -> FastAPI:
    """The whole web app over ``library``: the pages, the owner's doors, and the chat at ``/``."""
    from fastapi import FastAPI

    from bot.pages import chat
    from bot.pages.answering import ask_pages
    from bot.pages.doors import doors
    from bot.pages.library_routes import pages
    from bot.pages.pack_routes import pack_pages
    from bot.pages.recording import recording_pages
    from bot.pages.webinar_routes import webinar_pages
    from community.community import Community
    from community.pages import site
    from community.pages.visiting import person_of
    from web.site import furnish

    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    assistant = make_assistant(library, settings)
    community = Community(library, settings.arranged(), partial(answers, assistant))
    asked_by = person_of(community.accounts)
    listener = Listener(partial(keep, community.questions, asked_by), community.questions.keeps_for)

    def reader_of(request: Any) -> Reader:
        return asked_by(request).reader

    site.join(app, community, token)
    app.include_router(doors(library, token))
    app.include_router(recording_pages(library, reader_of))
    app.include_router(pack_pages(library, reader_of))
    app.include_router(webinar_pages(library, reader_of))
    app.include_router(pages(library, reader_of))
    app.include_router(ask_pages(assistant, library, reader_of, listener))
    furnish(app)
    warming = threading.Thread(target=assistant.warm_up, daemon=True)
    # one after the other, for all want the processor: what a search needs, the chat, the assistant
    chat.mount(
        app,
        lambda: chat.build(assistant, library, reader_of, listener),
        first=library.get_ready,
        then=warming.start,
    )
    return app


def answers(assistant: Assistant, question: str, reader: Reader, source_id: str) -> bool:
    """Whether one source alone answers a question to ``reader``."""
    return assistant.answer(
        question, scope=Scope(sources=(source_id,)), reader=reader, narrow=False, answerer="quote"
    ).found


def keep(questions: QuestionLog, asked_by: Callable[[Any], Person], request: Any, heard: Heard) -> str:
    """Let ``questions`` keep what was heard, if its asker agrees; the receipt for it."""
    client = request.client.host if request.client else ""
    return questions.keep(
        asked_by(request),
        f"{client} {request.headers.get('user-agent', '')}",
        agreed=heard.keep,
        question=heard.question,
        understood=heard.understood,
        found=heard.answer.found,
        confidence=heard.answer.confidence,
        countries=heard.countries,
        cited=heard.cited,
    )


def make_assistant(library: Library, settings: Settings) -> Assistant:
    """The assistant, which writes where a language model is set up and quotes where none is."""
    key = settings.llm_key.get_secret_value()
    return assistant_for(library, settings.llm_url, settings.llm_model, key)
