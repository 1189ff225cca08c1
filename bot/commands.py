"""The commands over questions: ask and evaluate-answers."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from bot.answer import Answer
from bot.assistant import Assistant
from bot.contract import answer_json
from index.commands import (
    Countries,
    Events,
    Kinds,
    Languages,
    Sectors,
    Sources,
    Speakers,
    Themes,
    Tiers,
    scope_of,
)
from index.console import Console
from index.library import Library
from index.scope import STAFF


def register(cli: typer.Typer, make_assistant: Callable[[Library], Assistant]) -> None:
    """Add the commands of this package to ``cli``, whose context holds a Console."""

    @cli.command()
    def ask(
        context: typer.Context,
        question: str,
        kind: Kinds = None,
        country: Countries = None,
        sector: Sectors = None,
        theme: Themes = None,
        event: Events = None,
        speaker: Speakers = None,
        language: Languages = None,
        source: Sources = None,
        tier: Tiers = None,
        answerer: Annotated[str, typer.Option(help="quote or write")] = "",
        after: Annotated[list[str] | None, typer.Option(help="An earlier question, oldest first")] = None,
    ) -> None:
        """Ask the library a question."""
        console: Console = context.obj
        scope = scope_of(kind, country, sector, theme, event, speaker, language, source, tier)
        with console.library() as library:
            assistant = make_assistant(library)
            assistant.warm_up()
            started = time.perf_counter()
            answer = assistant.answer(
                question,
                scope=scope,
                reader=STAFF,
                conversation=assistant.conversation_after(after or [], STAFF),
                answerer=answerer,
            )
            took = 1000 * (time.perf_counter() - started)
        console.say(as_text(answer), answer_json(answer, took))

    @cli.command("evaluate-answers")
    def evaluate_answers(
        context: typer.Context,
        file: Path,
        nothing: Annotated[Path | None, typer.Option(help="Questions that nothing answers")] = None,
        out: Annotated[Path | None, typer.Option(help="Where to write a row for each question")] = None,
    ) -> None:
        """Measure the answers on a SQuAD 2.0 file."""
        from bot.evaluation import evaluate_answers as measure

        console: Console = context.obj
        measures = measure(file, models=console.models, nothing=nothing, out=out)
        console.say("\n".join(f"{name}: {value}" for name, value in measures.items()), measures)


def as_text(answer: Answer) -> str:
    """An answer for a terminal: its text, then its sources."""
    lines = [answer.text]
    if answer.note:
        lines.append(answer.note)
    for citation in answer.citations:
        place = f", {citation.place}" if str(citation.place) else ""
        illustrative = " (illustrative)" if citation.source.illustrative else ""
        lines.append(f"[{citation.number}] {citation.source.title}{place}{illustrative}\n    {citation.link}")
    if answer.nearest:
        lines.append("Nearest:")
        lines += [
            f"- {hit.source.title}{f', {hit.place}' if str(hit.place) else ''}" for hit in answer.nearest
        ]
    return "\n".join(lines)
