"""What every command shares: the library it works on, and how it speaks to people and to programs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console as Terminal
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from index.library import Library
from index.owning import must_hold_library
from index.remote import RunningApp


@dataclass(frozen=True, slots=True)
class Console:
    """The data folder, the model, and whether a program listens (one JSON object and nothing else)."""

    data: Path
    model: str
    as_json: bool = False

    @contextmanager
    def library(self, *, read_only: bool = True, existing: bool = False) -> Iterator[Library]:
        """The library of the data folder, open for as long as the command runs.

        An owner makes it where there is none, unless only an ``existing`` one will do.
        """
        if existing:
            must_hold_library(self.data)
        with Library(self.data, model=self.model, read_only=read_only) as library:
            yield library

    @property
    def models(self) -> Path:
        """Where models are kept."""
        return self.data / "models"

    @property
    def running_app(self) -> RunningApp | None:
        """The web app that owns the data folder, where one is running."""
        return RunningApp.find(self.data)

    def say(self, lines: str, value: dict[str, Any]) -> None:
        """Print ``value`` as JSON to a program, ``lines`` to a person."""
        if self.as_json:
            line = json.dumps(value, ensure_ascii=False).encode("utf-8", "replace").decode()
            print(line)  # noqa: T201  (this is the command's output)
        else:
            Terminal(soft_wrap=True, highlight=False).print(lines, markup=False)

    def progress(self) -> Progress:
        """A progress bar on standard error; silent where a program listens."""
        return Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=Terminal(stderr=True),
            disable=self.as_json,
        )


def hoisted(arguments: list[str]) -> list[str]:
    """``arguments`` with ``--data DIR`` and ``--json`` moved to the front, where they are understood."""
    front: list[str] = []
    rest: list[str] = []
    waiting = iter(arguments)
    for argument in waiting:
        if argument == "--":
            return [*front, *rest, argument, *waiting]
        if argument == "--data":
            front += [argument, next(waiting, "")]
        elif argument == "--json" or argument.startswith("--data="):
            front.append(argument)
        else:
            rest.append(argument)
    return front + rest
