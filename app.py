"""The composition root: settings in, façades put together, chat and routes mounted, commands collected."""

from __future__ import annotations

import os
import secrets
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

import bot.commands
import index.commands
from bot.assistant import Assistant, assistant_for
from index.console import Console, hoisted
from index.library import Library
from index.models import BUNDLED
from index.quiet import be_quiet
from index.remote import RunningApp
from index.scope import PUBLIC, Reader
from ingest.errors import UjuziError

if TYPE_CHECKING:
    from fastapi import FastAPI


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
    from web.site import furnish

    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    assistant = make_assistant(library, settings)
    app.include_router(doors(library, token))
    app.include_router(recording_pages(library, _reader_of))
    app.include_router(pack_pages(library, _reader_of))
    app.include_router(webinar_pages(library, _reader_of))
    app.include_router(pages(library, _reader_of))
    app.include_router(ask_pages(assistant, library, _reader_of))
    furnish(app)
    warming = threading.Thread(target=assistant.warm_up, daemon=True)
    # one after the other, for all want the processor: what a search needs, the chat, the assistant
    chat.mount(
        app, lambda: chat.build(assistant, library, _reader_of), first=library.get_ready, then=warming.start
    )
    return app


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
    bot.commands.register(cli, lambda library: make_assistant(library, settings))
    return cli


def run(console: Console, settings: Settings, host: str, port: int) -> None:
    """Serve the library of ``console`` until it is stopped."""
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


def _reader_of(_request: object) -> Reader:
    """Who asks. Everybody is a visitor until accounts come."""
    return PUBLIC


if __name__ == "__main__":
    main(["serve", *sys.argv[1:]])
