"""The commands over documents: add, publish, recording, list, show, search, check, evaluate and their kin."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from index.adding import add_files
from index.console import Console
from index.contract import added_json, entry_json, search_json, show_json
from index.exporting import FAILED, UNCHANGED, Exported
from index.exporting import export as export_to
from index.intake import Added
from index.scope import STAFF, Scope
from index.wording import read_wording
from ingest.domain import AUDIENCES, KINDS, NOT_REVIEWED, THEMES, TIERS
from ingest.errors import NotFound
from ingest.reading import find_files

# The filters that search and ask share.
Kinds = Annotated[list[str] | None, typer.Option("--kind", help="concept_note, good_practice ...")]
Countries = Annotated[list[str] | None, typer.Option("--country", help="A country's English name")]
Sectors = Annotated[list[str] | None, typer.Option("--sector")]
Themes = Annotated[list[str] | None, typer.Option("--theme", help="One of the nine themes")]
Events = Annotated[list[str] | None, typer.Option("--event", help="The id of a webinar")]
Speakers = Annotated[list[str] | None, typer.Option("--speaker", help="Who speaks, in transcripts")]
Languages = Annotated[list[str] | None, typer.Option("--language", help="en, fr, pt, sw, ar ...")]
Sources = Annotated[list[str] | None, typer.Option("--source", help="The id of one document")]
Tiers = Annotated[list[str] | None, typer.Option("--tier", help="peer reviewed, checked, not reviewed")]
Top = Annotated[int, typer.Option("--top", min=1, max=1000, help="How many passages")]


def scope_of(
    kinds: list[str] | None,
    countries: list[str] | None,
    sectors: list[str] | None,
    themes: list[str] | None,
    events: list[str] | None,
    speakers: list[str] | None,
    languages: list[str] | None,
    sources: list[str] | None,
    tiers: list[str] | None,
) -> Scope:
    """The scope that a command's filters name. Raises typer.BadParameter for an unknown value."""
    _known("--kind", kinds, KINDS)
    _known("--theme", themes, THEMES)
    _known("--tier", tiers, (*TIERS, NOT_REVIEWED))
    return Scope(
        kinds=tuple(kinds or ()),
        countries=tuple(countries or ()),
        sectors=tuple(sectors or ()),
        themes=tuple(themes or ()),
        events=tuple(events or ()),
        speakers=tuple(speakers or ()),
        languages=tuple(languages or ()),
        sources=tuple(sources or ()),
        tiers=tuple(tiers or ()),
    )


def register(cli: typer.Typer) -> None:
    """Add the commands of this package to ``cli``, whose context holds a Console."""
    documents = (add, publish, withdraw, remove, recording, search, show)
    for command in (*documents, check, backup, restore, export, model, evaluate):
        cli.command()(command)
    cli.command("list")(list_)


def add(
    context: typer.Context,
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="Files or folders")],
    kind: Annotated[str | None, typer.Option()] = None,
    title: Annotated[str | None, typer.Option()] = None,
    language: Annotated[str | None, typer.Option()] = None,
    date: Annotated[str | None, typer.Option(help="2024-04-11")] = None,
    country: Annotated[list[str] | None, typer.Option()] = None,
    corridor: Annotated[list[str] | None, typer.Option(help='"Kenya -> Germany"')] = None,
    sector: Annotated[list[str] | None, typer.Option()] = None,
    theme: Annotated[list[str] | None, typer.Option()] = None,
    event: Annotated[str | None, typer.Option(help="The id of a webinar")] = None,
    id_: Annotated[str | None, typer.Option("--id", help="The identity: what this file replaces")] = None,
    draft: Annotated[bool, typer.Option("--draft", help="Store it, but let it not answer yet")] = False,
) -> None:
    """Add files or folders to the library; a report per file."""
    console: Console = context.obj
    described = {
        "kind": kind, "title": title, "language": language, "date": date, "countries": country,
        "corridors": corridor, "sectors": sector, "themes": theme, "event": event, "id": id_,
    }  # fmt: skip
    overrides = {name: value for name, value in described.items() if value}
    reports = _add(console, paths, overrides, draft)
    lines = [_report_line(report) for report in reports]
    console.say("\n".join(lines) or "No files were found.", {"files": [added_json(one) for one in reports]})
    if any(report.status == "rejected" for report in reports):
        raise typer.Exit(1)


def publish(
    context: typer.Context,
    source_id: str,
    audience: Annotated[str, typer.Option(help="Who may read it: public, members or staff")] = "",
    tier: Annotated[str, typer.Option(help="How it was reviewed: checked, peer reviewed")] = "",
) -> None:
    """Let the newest draft of a source answer."""
    _known("--audience", [audience] if audience else [], AUDIENCES)
    _known("--tier", [tier] if tier else [], TIERS)
    _change(context.obj, "publish", source_id, {"audience": audience, "tier": tier or None})


def withdraw(
    context: typer.Context,
    source_id: str,
    reason: Annotated[str, typer.Option(help="Why, in words for everybody who asks for it")] = "",
) -> None:
    """Stop a source from answering; it stays stored."""
    _change(context.obj, "withdraw", source_id, {"reason": reason})


def remove(context: typer.Context, source_id: str) -> None:
    """Delete a source, all its versions and its original files; with a webinar goes its recording."""
    _change(context.obj, "remove", source_id, {})


def recording(
    context: typer.Context,
    webinar_id: Annotated[str, typer.Argument(help="The id of an event, or of a transcript without one")],
    file: Annotated[Path | None, typer.Argument(help=".mp4, .webm, .m4a, .mp3, .ogg, .wav ...")] = None,
    detach: Annotated[bool, typer.Option("--remove", help="Delete the recording that it has")] = False,
) -> None:
    """Give a webinar its recording, in the place of the one before, or take it away."""
    console: Console = context.obj
    if (file is None) != detach:
        raise typer.BadParameter("Name the file of the recording, or say --remove.")
    with console.library() as library:
        if file is not None:
            kept = library.attach_recording(webinar_id, file)
            said = f"{file.name} is the recording of {webinar_id} now."
            console.say(said, {"webinar_id": webinar_id, "recording": kept.name})
        elif library.recordings.detach(webinar_id):
            said = f"The recording of {webinar_id} was removed."
            console.say(said, {"webinar_id": webinar_id, "recording": None})
        else:
            raise NotFound(f"{webinar_id} has no recording.")


def list_(context: typer.Context) -> None:
    """List the sources of the library."""
    console: Console = context.obj
    with console.library() as library:
        entries = library.entries(STAFF)
    lines = [f"{one.source.id}  [{one.state}, {one.source.kind}]  {one.source.title}" for one in entries]
    console.say(
        "\n".join(lines) or "The library is empty.", {"sources": [entry_json(entry) for entry in entries]}
    )


def show(
    context: typer.Context,
    source_id: str,
    version: Annotated[int | None, typer.Option("--version", help="An earlier version's number")] = None,
) -> None:
    """Show a source: its description, its text, its passages."""
    console: Console = context.obj
    with console.library() as library:
        entry, words = library.read(source_id, STAFF, version)
        passages = library.passages(entry)
    source = entry.source
    head = f"{source.title}\n{source.kind}, {source.language}, version {entry.number}, {entry.state}"
    console.say(f"{head}\n\n{words.text}", show_json(entry, words, passages))


def search(
    context: typer.Context,
    words: Annotated[str, typer.Argument(help='Such as: "fair recruitment" recruit* -fees')],
    kind: Kinds = None,
    country: Countries = None,
    sector: Sectors = None,
    theme: Themes = None,
    event: Events = None,
    speaker: Speakers = None,
    language: Languages = None,
    source: Sources = None,
    tier: Tiers = None,
    mode: Annotated[str, typer.Option(help="hybrid, words or meaning")] = "hybrid",
    top: Top = 10,
) -> None:
    """Find passages: by words, "phrases in quotes", beginnings* and -exclusions."""
    console: Console = context.obj
    scope = scope_of(kind, country, sector, theme, event, speaker, language, source, tier)
    wording = read_wording(words)
    with console.library() as library:
        library.search("open the indexes before the clock starts", mode=mode, top=1)
        started = time.perf_counter()
        hits = library.search(wording.words, scope, STAFF, mode=mode, top=top, wording=wording)
        took = 1000 * (time.perf_counter() - started)
    lines = [
        ", ".join(filter(None, (f"{rank}. {hit.source.title}", str(hit.place)))) + f"\n   {hit.passage.text}"
        for rank, hit in enumerate(hits, start=1)
    ]
    console.say("\n\n".join(lines) or "Nothing was found.", search_json(words, mode, took, hits))


def check(context: typer.Context) -> None:
    """Verify the library and repair what can be repaired."""
    from index.upkeep import check as check_library

    console: Console = context.obj
    with console.library(read_only=False, existing=True) as library:
        verdict = check_library(library)
    lines = [f"{one.source_id or 'library'}: {one.what}" for one in verdict.problems]
    lines.append("All is well." if verdict.ok else "The library needs attention.")
    found = {"ok": verdict.ok, "sources": verdict.sources, "passages": verdict.passages}
    console.say("\n".join(lines), found | {"problems": [asdict(one) for one in verdict.problems]})
    if not verdict.ok:
        raise typer.Exit(1)


def backup(context: typer.Context, file: Path) -> None:
    """Write the whole library to one file; it may be in use meanwhile."""
    from index.upkeep import back_up

    console: Console = context.obj
    with console.library() as library:
        back_up(library, file)
    console.say(f"The library was saved to {file}.", {"file": str(file)})


def restore(context: typer.Context, file: Path) -> None:
    """Make the library anew from a backup, in an empty data folder."""
    from index.upkeep import restore as restore_library

    console: Console = context.obj
    restore_library(file, console.data)
    console.say(f"The library was restored to {console.data}.", {"data": str(console.data)})


def export(context: typer.Context, folder: Path) -> None:
    """Write what is published as files that ujuzi add takes up again; the library may be in use meanwhile."""
    console: Console = context.obj
    with console.library() as library:
        reports = list(export_to(library, folder))
    lines = [_exported_line(one) for one in reports if one.status != UNCHANGED]
    same = sum(one.status == UNCHANGED for one in reports)
    lines += [f"{same} documents are there unchanged."] if same else []
    kept_back = sum(one.audience not in ("", "public") for one in reports)
    if kept_back:
        lines.append(f"{kept_back} documents are for members or staff only: mind who can read {folder}.")
    console.say(
        "\n".join(lines) or "Nothing is published yet.", {"documents": [asdict(one) for one in reports]}
    )
    if any(one.status == FAILED for one in reports):
        raise typer.Exit(1)


def model(context: typer.Context, name: str) -> None:
    """Fetch another embedding model from the Hugging Face hub (this needs a network)."""
    from index.models import fetch_model

    console: Console = context.obj
    folder = fetch_model(name, console.models)
    console.say(f"Fetched to {folder}. To use it, set UJUZI_EMBEDDER={name}.", {"model": name})


def evaluate(
    context: typer.Context,
    folder: Path,
    mode: Annotated[str, typer.Option(help="hybrid, words or meaning")] = "hybrid",
    within: Annotated[str | None, typer.Option(help="Search within the group this field names")] = None,
    run: Annotated[Path | None, typer.Option(help="Where to write a TREC run file")] = None,
) -> None:
    """Measure the search on a test collection in BEIR form."""
    from index.evaluation import evaluate as measure

    console: Console = context.obj
    measures = measure(folder, models=console.models, mode=mode, within=within, run=run)
    console.say("\n".join(f"{name}: {value}" for name, value in measures.items()), measures)


def _add(console: Console, paths: list[Path], overrides: Mapping[str, Any], draft: bool) -> list[Added]:
    files = find_files(paths)
    app = console.running_app
    if app is not None:
        return _watched(console, app.add(files, overrides, draft=draft), len(files))
    with console.library(read_only=False) as library:
        return _watched(console, add_files(library, files, overrides, draft=draft), len(files))


def _watched(console: Console, reports: Iterable[Added], total: int) -> list[Added]:
    done = []
    with console.progress() as progress:
        task = progress.add_task("Adding", total=total)
        for report in reports:
            progress.advance(task)
            done.append(report)
    return done


def _change(console: Console, verb: str, source_id: str, how: Mapping[str, str | None]) -> None:
    app = console.running_app
    if app is not None:
        app.change(verb, source_id, how)
    else:
        with console.library(read_only=False, existing=True) as library:
            getattr(library, verb)(source_id, **how)
    said = {"publish": "published", "withdraw": "withdrawn", "remove": "removed"}[verb]
    console.say(f"{source_id} was {said}.", {"source_id": source_id, "state": said})


def _known(option: str, values: list[str] | None, known: tuple[str, ...]) -> None:
    for value in values or ():
        if value.casefold() not in known:
            raise typer.BadParameter(f"{option} {value}: choose from {', '.join(known)}.")


def _exported_line(one: Exported) -> str:
    return f"{one.status:<10} {': '.join(filter(None, (one.path or one.source_id, one.reason)))}"


def _report_line(report: Added) -> str:
    detail = report.reason or f"{report.source_id}, {report.passages} passages"
    return f"{report.status:<10} {report.path}: {detail}"
