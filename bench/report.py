"""The figures as Markdown: every target in one table, then a section a part, then what went wrong."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bench import (
    answers,
    chapters,
    community,
    compare,
    corpus,
    embedding,
    growth,
    links,
    moments,
    pages,
    policies,
    quality,
    scale,
    speed,
    startup,
    verification,
)
from bench.figures import Figures, Part, table

PARTS: Mapping[str, Part] = {
    "quality": quality,
    "answers": answers,
    "corpus": corpus,
    "moments": moments,
    "links": links,
    "chapters": chapters,
    "policies": policies,
    "verification": verification,
    "embedding": embedding,
    "speed": speed,
    "scale": scale,
    "pages": pages,
    "startup": startup,
    "community": community,
    "peers": compare,
    "growth": growth,
}

Results = Mapping[str, Mapping[str, Any]]  # by part: date, machine, figures


def render(results: Results) -> str:
    """The whole report over ``results``; a part that was never measured has no section."""
    measured = {name: part for name, part in PARTS.items() if name in results}
    rows = [
        target.row for name, part in measured.items() for target in part.targets(results[name]["figures"])
    ]
    head = ["what", "figure", "target", "reached"]
    lines = ["# Results", "", "Made by `make bench`; the raw figures are in `results.json`.", ""]
    lines += [*table(head, rows), ""]
    for name, part in measured.items():
        lines += _section(part, results[name])
    if "corpus" in measured:
        lines += ["## What went wrong on the corpus questions", ""]
        lines += corpus.appendix(results["corpus"]["figures"])
    return "\n".join(lines).rstrip() + "\n"


def _section(part: Part, result: Mapping[str, Any]) -> list[str]:
    figures: Figures = result["figures"]
    return [
        f"## {part.TITLE}",
        "",
        f"{result['date']}, {in_words(result['machine'])}.",
        "",
        part.HOW,
        "",
        *part.section(figures),
        "",
    ]


def in_words(machine: Mapping[str, Any]) -> str:
    """A machine in one line."""
    cores = f"{machine['cores_used']} of {machine['cores']} cores"
    return (
        f"{machine['processor']}, {cores}, {machine['memory_gb']} GB, {machine['system']}, "
        f"Python {machine['python']}"
    )
