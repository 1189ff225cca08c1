"""The composition root: settings in, façades put together, chat and routes mounted, commands collected."""

from __future__ import annotations

import os
import secrets
import sys
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

import bot.commands
import community.commands
import index.commands
from bot.assistant import Assistant, assistant_for
from bot.pages.hearing import Heard, Listener
from index.console import Console, hoisted
from index.library import Library
from index.models import BUNDLED
from index.quiet import be_quiet
from index.remote import RunningApp
from index.scope import Reader, Scope
from ingest.errors import UjuziError

if TYPE_CHECKING:
    from fastapi import FastAPI

    from community.community import Arrangements, Community
    from community.people import Person


class Settings(BaseSettings):
    """What the environment says: ``UJUZI_DATA``, ``UJUZI_LLM_URL`` and so on."""

    model_config = SettingsConfigDict(env_prefix="UJUZI_", env_ignore_empty=True, frozen=True)

    data: Path = Path("data")
    host: str = "127.0.0.1"
    port: int = 7860
    embedder: str = BUNDLED
    llm_url: str = ""
    llm_model: str = ""
    llm_key: SecretStr = SecretStr("")
    site: str = ""  # where readers find it; by default where it listens
    domains: str = ""  # of e-mail addresses whose owners need no approval, with commas between
    mail_server: SecretStr = SecretStr("")
    mail_sender: str = ""
    openid_issuer: str = ""
    openid_client: str = ""
    openid_secret: SecretStr = SecretStr("")
    openid_label: str = "your organisation"
    question_days: int = 30
    largest_file: int = 50  # megabytes

    def arranged(self) -> Arrangements:
        """What of this concerns the community."""
        from community.accounts.openid import House
        from community.community import Arrangements

        secret = self.openid_secret.get_secret_value()
        house = House(self.openid_issuer, self.openid_client, secret, self.openid_label)
        return Arrangements(
            site=self.site or f"http://{self.host}:{self.port}",
            domains=frozenset(filter(None, self.domains.replace(",", " ").lower().split())),
            mail_server=self.mail_server.get_secret_value(),
            mail_sender=self.mail_sender,
            house=house if self.openid_issuer else None,
            question_days=self.question_days,
            largest_file=self.largest_file * 1_000_000,
        )


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
    listener = Listener(partial(keep, community, asked_by), community.questions.keeps_for)

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


def keep(community: Community, asked_by: Callable[[Any], Person], request: Any, heard: Heard) -> str:
    """Let the community keep a question, if its asker agrees; the receipt for it."""
    client = request.client.host if request.client else ""
    return community.questions.keep(
        asked_by(request),
        f"{client} {request.headers.get('user-agent', '')}",
        agreed=heard.keep,
        question=heard.question,
        understood=heard.answer.question,
        found=heard.answer.found,
        confidence=heard.answer.confidence,
        countries=heard.countries,
        cited=heard.cited,
    )


def make_assistant(library: Library, settings: Settings) -> Assistant:
    """The assistant, which writes where a language model is set up and quotes where none is."""
    key = settings.llm_key.get_secret_value()
    return assistant_for(library, settings.llm_url, settings.llm_model, key)


def command_line(settings: Settings) -> typer.Typer:
    """Every command, over the data folder of ``settings`` or the one that ``--data`` names."""
    cli = typer.Typer(no_args_is_help=True, add_completion=False, help="A library that answers with sources.")

    @cli.callback()
    def choose(
        context: typer.Context,
        data: Annotated[Path, typer.Option(help="The folder of the library")] = settings.data,
        as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object")] = False,
    ) -> None:
        context.obj = Console(data, settings.embedder, as_json)

    @cli.command()
    def serve(context: typer.Context, host: str = settings.host, port: int = settings.port) -> None:
        """Run the web app."""
        run(context.obj, settings, host, port)

    index.commands.register(cli)
    community.commands.register(cli)
    bot.commands.register(cli, lambda library: make_assistant(library, settings))
    return cli


def run(console: Console, settings: Settings, host: str, port: int) -> None:
    """Serve the library of ``console`` until it is stopped."""
    settings = settings.model_copy(update={"host": host, "port": port})
    import uvicorn

    from bot.pages.late import uncollected

    app = RunningApp(f"http://127.0.0.1:{port}", token=secrets.token_urlsafe(32))
    os.environ["GRADIO_TEMP_DIR"] = str(console.data / "tmp")
    with console.library(read_only=False) as library, app.announced(console.data):
        library.get_ready_beside()
        with uncollected():
            routes = build(library, settings, app.token)
        console.say(f"Ujuzi is at http://{host}:{port} (Ctrl+C stops it)", {"host": host, "port": port})
        uvicorn.run(
            routes,
            host=host,
            port=port,
            log_level="warning",
            server_header=False,
            timeout_graceful_shutdown=3,
        )


def main(arguments: list[str] | None = None) -> None:
    """The ``ujuzi`` command. ``--data`` and ``--json`` may stand before or after the command's name."""
    be_quiet()
    try:
        command_line(Settings())(args=hoisted(sys.argv[1:] if arguments is None else arguments))
    except UjuziError as error:
        print(error, file=sys.stderr)  # noqa: T201
        sys.exit(1)


if __name__ == "__main__":
    main(["serve", *sys.argv[1:]])
