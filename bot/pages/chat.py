"""The chat: what each of its parts does, and its place in the app. Gradio is imported on use.

Annotations are evaluated here, not postponed: Gradio hands a request only to functions that declare it.
"""

from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, cast

from fastapi import FastAPI
from starlette.routing import Mount

from bot.assistant import Assistant
from bot.pages.asking import Asking, Choice, Thread, refusal
from bot.pages.cards import Cards
from bot.pages.chat_border import ChatBorder
from bot.pages.chat_document import ChatDocument
from bot.pages.chat_parts import Parts, lay_out, limits_label
from bot.pages.chat_theme import chat_theme
from bot.pages.chat_view import examples_html, exchange_html, refusal_html, thread_html, welcome_html
from bot.pages.hearing import NOBODY, Listener
from bot.pages.keeping import Kept
from bot.pages.late import Late, Loaded, uncollected
from bot.pages.stubless import stubless
from index.library import Library
from index.quiet import be_quiet
from index.scope import Reader, Scope
from web.assets import STATIC

if TYPE_CHECKING:
    import gradio as gr

    ReaderOf = Callable[[gr.Request], Reader]

Updates = dict[Any, Any]  # from a part of the page to what it shows next

_AT_ONCE = 8  # questions that are answered at the same time
_WAITING = 64  # questions that wait; more are turned away at once
_SESSIONS = 1_000  # browser tabs whose conversations are remembered; the oldest is forgotten first
_SWEPT_EVERY, _KEPT_FOR = 3_600, 86_400  # seconds: files that the framework left behind


def build(
    assistant: Assistant, library: Library, reader_of: "ReaderOf", listener: Listener = NOBODY
) -> "gr.Blocks":
    """The chat over ``assistant``; every event asks ``reader_of`` its request who is asking.

    ``listener`` hears what was asked and answered.
    """
    be_quiet()
    with stubless():
        import gradio as gr

    with gr.Blocks(
        title="Ask – Ujuzi", analytics_enabled=False, delete_cache=(_SWEPT_EVERY, _KEPT_FOR), fill_width=True
    ) as blocks:
        parts = lay_out(listener.days)
        kept = Kept(_SESSIONS, Cards(library))
        _connect(blocks, parts, Asking(assistant, library, listener), kept, reader_of)
    blocks.queue(max_size=_WAITING, default_concurrency_limit=_AT_ONCE)
    blocks.state_session_capacity = _SESSIONS
    return cast("gr.Blocks", blocks)


def mount(
    app: FastAPI,
    make: Callable[[], "gr.Blocks"],
    *,
    first: Callable[[], object] = lambda: None,
    then: Callable[[], object] = lambda: None,
) -> None:
    """Put the chat that ``make`` will build at ``/``, behind every route that ``app`` has already.

    The framework takes seconds to load; the other pages do not wait for it. ``first`` is called before,
    ``then`` afterwards.
    """

    def load() -> Loaded:
        first()
        with uncollected():
            loaded = _served(make())
        then()
        return loaded

    chat = Late(load)
    lifespan = app.router.lifespan_context

    @asynccontextmanager
    async def both(app: FastAPI) -> AsyncIterator[None]:
        async with lifespan(app), chat.lifespan():
            yield

    app.router.lifespan_context = both
    app.mount("/", chat)


def _served(blocks: "gr.Blocks") -> Loaded:
    """``blocks`` as the framework serves them, behind our border, in our document."""
    import gradio as gr

    app = FastAPI()
    gr.mount_gradio_app(
        app,
        blocks,
        path="/",
        theme=chat_theme(),
        app_kwargs={"docs_url": None, "redoc_url": None, "openapi_url": None},
        show_error=False,
        max_file_size="1kb",  # nothing is uploaded here: ChatBorder closes that door, this is the bolt
        run_history=False,
        enable_monitoring=False,
        footer_links=[],
        allowed_paths=[],
        blocked_paths=["/"],
        ssr_mode=False,
        mcp_server=False,
        pwa=False,
    )
    blocks.has_launched = True  # a mounted app does not check which files it hands out before this is said
    framework = app.routes[-1]
    assert isinstance(framework, Mount)
    return Loaded(ChatDocument(ChatBorder(framework.app)), lambda: app.router.lifespan_context(app))


def _connect(blocks: "gr.Blocks", parts: Parts, asking: Asking, kept: Kept, reader_of: "ReaderOf") -> None:
    """Say what follows from opening the page, asking, asking again, narrowing and beginning anew."""
    import gradio as gr

    def opened(tab: str, thread: Thread, request: gr.Request) -> Iterator[Updates]:
        reader = reader_of(request)
        choices = asking.choices(reader)
        updates: Updates = {
            parts.tab: tab,
            parts.kinds: _offering(choices.kinds),
            parts.countries: _offering(choices.countries),
            parts.events: _offering(choices.events),
        }
        resumed = kept.resumed(reader, tab)
        if resumed.latest and not thread.latest:  # a first question can be quicker than this
            site = _site(request)
            updates |= {
                parts.thread: resumed,
                parts.earlier: thread_html(resumed.earlier, site),
                parts.current: exchange_html(resumed.latest, site, current=True),
                parts.anew: gr.Button(visible=True),
            }
        yield updates
        # They have a place of their own: on a library that has just been opened they take seconds.
        yield {parts.examples: examples_html(asking.examples(reader))}

    def remembered(threads: Iterator[Thread], reader: Reader, tab: str) -> Iterator[Thread]:
        for thread in threads:
            kept.keep(reader, tab, thread)
            yield thread

    def ask(
        question: str,
        thread: Thread,
        tab: str,
        kinds: list[str],
        countries: list[str],
        events: list[str],
        private: bool,
        request: gr.Request,
    ) -> Iterator[Updates]:
        reader = reader_of(request)
        if words := refusal(question):
            yield {parts.hint: refusal_html(words)}
            return
        scope, thread = _scope(kinds, countries, events), kept.as_it_is_now(thread, reader)
        threads = asking.ask(thread, question, scope, reader, request=request, keep=not private)
        yield from _shown(parts, remembered(threads, reader, tab), _site(request))

    def ask_example(
        pressed: gr.EventData,
        thread: Thread,
        tab: str,
        kinds: list[str],
        countries: list[str],
        events: list[str],
        private: bool,
        request: gr.Request,
    ) -> Iterator[Updates]:
        yield from ask(_said(pressed, "question"), thread, tab, kinds, countries, events, private, request)

    def ask_again(
        pressed: gr.EventData,
        thread: Thread,
        tab: str,
        kinds: list[str],
        countries: list[str],
        events: list[str],
        private: bool,
        request: gr.Request,
    ) -> Iterator[Updates]:
        reader = reader_of(request)
        if thread.latest is None:
            return
        scope = _scope(kinds, countries, events)
        if _said(pressed, "everything"):
            scope = Scope()
            yield {part: [] for part in parts.chosen}
        narrow = bool(_said(pressed, "narrow"))
        before, question = kept.as_it_is_now(thread.without_latest(), reader), thread.latest.question
        threads = asking.ask(
            before, question, scope, reader, narrow=narrow, request=request, keep=not private
        )
        yield from _shown(parts, remembered(threads, reader, tab), _site(request))

    def narrowed(
        kinds: list[str], countries: list[str], events: list[str], request: gr.Request
    ) -> gr.Accordion:
        reader_of(request)
        return gr.Accordion(label=limits_label(asking.in_words(_scope(kinds, countries, events))))

    def begin_anew(tab: str, request: gr.Request) -> Updates:
        reader = reader_of(request)
        kept.keep(reader, tab, Thread())
        return {
            parts.thread: Thread(),
            parts.earlier: "",
            parts.current: welcome_html(),
            parts.examples: examples_html(asking.examples(reader)),
            parts.hint: "",
            parts.anew: gr.Button(visible=False),
        }

    settings: dict[str, Any] = {
        "api_visibility": "private",
        "show_progress": "hidden",
        "concurrency_limit": _AT_ONCE,
    }
    inputs = [parts.thread, parts.tab, *parts.chosen, parts.private]
    questions = {**settings, "trigger_mode": "once"}
    typed = [parts.question.submit, parts.send.click]
    gr.on(typed, ask, [parts.question, *inputs], parts.all, **questions)
    parts.examples.ask(ask_example, inputs, parts.all, **questions)
    parts.current.again(ask_again, inputs, parts.all, **questions)
    changes = [part.change for part in parts.chosen]
    gr.on(changes, narrowed, parts.chosen, parts.limits, trigger_mode="always_last", **settings)
    parts.anew.click(begin_anew, parts.tab, parts.all, **settings)
    naming = (STATIC / "chat_tab.js").read_text()
    blocks.load(opened, [parts.tab, parts.thread], parts.all, js=naming, **settings)


def _shown(parts: Parts, threads: Iterator[Thread], site: str) -> Iterator[Updates]:
    """What the page shows of a thread as it grows."""
    import gradio as gr

    for number, thread in enumerate(threads):
        assert thread.latest is not None
        updates = {
            parts.thread: thread,
            parts.current: exchange_html(thread.latest, site, current=True),
        }
        if number == 0:
            updates |= {
                parts.earlier: thread_html(thread.earlier, site),
                parts.question: "",
                parts.hint: "",
                parts.send: gr.Button(interactive=False),
                parts.anew: gr.Button(visible=True, interactive=False),
            }
        yield updates
    yield {parts.send: gr.Button(interactive=True), parts.anew: gr.Button(interactive=True)}


def _offering(choices: Sequence[Choice]) -> "gr.Dropdown":
    import gradio as gr

    return gr.Dropdown(choices=[(choice.label, choice.value) for choice in choices])


def _scope(kinds: list[str], countries: list[str], events: list[str]) -> Scope:
    return Scope(kinds=tuple(kinds), countries=tuple(countries), events=tuple(events))


def _said(pressed: "gr.EventData", name: str) -> str:
    """What the pressed button says under ``name``: a browser sent it, so it may be anything."""
    said = pressed._data.get(name, "") if isinstance(pressed._data, dict) else ""
    return said if isinstance(said, str) else ""


def _site(request: "gr.Request") -> str:
    return str(request.base_url)
