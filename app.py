"""The ``ujuzi`` command: settings in, every package's commands collected, the web app served."""

from __future__ import annotations

import os
import secrets
import sys
from pathlib import Path
from typing import Annotated

import typer

import bot.commands
import community.commands
import index.commands
from composition import build, make_assistant
from index.console import Console, hoisted
from index.quiet import be_quiet
from index.remote import RunningApp
from ingest.errors import UjuziError
from settings import Settings


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
