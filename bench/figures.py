"""What the parts of the measurement share: where data is, targets, tables, and the machine."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

ROOT = Path(__file__).resolve().parents[1]
CORES = 2  # every part is measured on so many, wherever that can be arranged
ABSENT = "not measured"

Figures = Mapping[str, Any]  # what a part measured, as it stands in results.json


@dataclass(frozen=True, slots=True)
class Setting:
    """Where the evaluation data is, and where models and libraries may be kept while measuring."""

    evaluation: Path
    models: Path
    libraries: Path

    def find(self, relative: str) -> Path | None:
        """A file or folder of the evaluation data; None where it is absent."""
        path = self.evaluation / relative
        return path if path.exists() else None

    def library(self, relative: str) -> Path:
        """The folder whose "data" is the library of a test collection, which several parts search."""
        return self.libraries / relative.replace("/", "_")


@dataclass(frozen=True, slots=True)
class Target:
    """A figure beside what it should be. ``value`` is None where it could not be measured."""

    name: str
    value: float | None
    bound: float
    at_least: bool = True
    unit: str = ""
    digits: int = 3

    @property
    def reached(self) -> bool | None:
        """Whether the figure keeps the bound; None where there is no figure."""
        if self.value is None:
            return None
        return self.value >= self.bound if self.at_least else self.value <= self.bound

    @property
    def row(self) -> tuple[str, str, str, str]:
        """Name, figure, target and verdict, as the report shows them."""
        sign = "≥" if self.at_least else "≤"
        bound = f"{sign} {self.bound:,g}{self.unit}"
        verdict = {None: "", True: "yes", False: "**no**"}[self.reached]
        return (self.name, shown(self.value, self.digits, self.unit), bound, verdict)


class Part(Protocol):
    """One module that measures: what it is called, how it measures (one line), and its figures."""

    TITLE: str
    HOW: str

    def measure(self, setting: Setting) -> Figures:
        """The figures; None in the place of each that lacks its data."""

    def targets(self, figures: Figures) -> list[Target]:
        """The figures that have a target."""

    def section(self, figures: Figures) -> list[str]:
        """The other figures as lines of Markdown."""


def at(figures: Figures | None, *names: str) -> Any:
    """The figure below these names; None where one of them is missing."""
    value: Any = figures
    for name in names:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def shown(value: float | None, digits: int = 3, unit: str = "") -> str:
    """A figure for the report."""
    return ABSENT if value is None else f"{value:,.{digits}f}{unit}"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """A Markdown table; its first column is text, the others are figures."""
    rule = ["---", *("---:" for _ in head[1:])]
    return [_row(head), _row(rule), *(_row([cell.replace("|", "\\|") for cell in row]) for row in rows)]


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def machine() -> dict[str, Any]:
    """What was measured on: processor, cores, memory in GB, Python."""
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "cores_used": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "memory_gb": round(memory / 1e9),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
    }


def _processor() -> str:
    known = Path("/proc/cpuinfo")
    lines = known.read_text(encoding="utf-8").splitlines() if known.is_file() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or "unknown processor"


def hold_to_two_cores() -> None:
    """Let this process and its children run on no more cores than the smallest machine has."""
    if hasattr(os, "sched_setaffinity"):  # not on macOS
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:CORES])
