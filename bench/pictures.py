"""What the comparison found, as pictures beside RESULTS.md."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench.compare import SETS
from bench.figures import Figures, at
from bench.growth import SIZES
from bench.peers.processes import CONTESTANTS, OURS

QUALITY, GROWTH = "quality.svg", "growth.svg"
_COLOURS = dict(zip(CONTESTANTS, ("#b4552d", "#5b7f9c", "#b09a3e", "#6f8f6a"), strict=True))
_MARKS = dict(zip(CONTESTANTS, ("D", "o", "s", "^"), strict=True))  # told apart without colour
_STYLE = {
    "svg.fonttype": "none",  # text stays text
    "svg.hashsalt": "ujuzi",  # the same figures give the same file
    "axes.spines.top": False,
    "axes.spines.right": False,
}
_GROWING = {"p95": "search, p95, ms", "index_seconds": "indexing, s", "memory_gb": "memory, GB"}


def draw(results: Mapping[str, Mapping[str, Any]], folder: Path) -> None:
    """Write a picture of each part of the comparison that was measured."""
    quality, growth = (at(results, name, "figures") for name in ("peers", "growth"))
    if quality:
        _draw_quality(quality, folder / QUALITY)
    if growth:
        _draw_growth(growth, folder / GROWTH)


def _draw_quality(figures: Figures, file: Path) -> None:
    """A row a set, a mark a system."""
    sets = [name for name in SETS if at(figures, "sets", name)]
    with _picture(file, 1, (7.5, 0.42 * len(sets) + 1.2)) as (axes,):
        for system, one in CONTESTANTS.items():
            values = [at(figures, "sets", name, "ndcg@10", system) for name in sets]
            look = {"color": _COLOURS[system], "marker": _MARKS[system], "s": 60 if system == OURS else 35}
            axes.scatter(values, range(len(sets)), label=one.name, zorder=3 if system == OURS else 2, **look)
        axes.set_yticks(range(len(sets)), sets)
        axes.invert_yaxis()
        axes.set_xlabel("nDCG@10")
        axes.grid(axis="y", color="#dddddd")


def _draw_growth(figures: Figures, file: Path) -> None:
    """A panel a cost, a line a system, both axes by powers of ten; a line ends where its system did."""
    with _picture(file, len(_GROWING), (11, 3.4)) as panels:
        for axes, (cost, title) in zip(panels, _GROWING.items(), strict=True):
            for system, one in CONTESTANTS.items():
                known = {size: at(figures, system, str(size), cost) for size in SIZES}
                points = {size: value for size, value in known.items() if value is not None}
                look = {"color": _COLOURS[system], "marker": _MARKS[system]}
                axes.plot(list(points), list(points.values()), label=one.name, **look)
            axes.set_xscale("log")
            axes.set_yscale("log")
            axes.set_xlabel("passages")
            axes.set_title(title, fontsize=10)
            axes.grid(color="#dddddd")


@contextmanager
def _picture(file: Path, panels: int, inches: tuple[float, float]) -> Iterator[list[Any]]:
    """Axes to draw on; written to the file at the end, with a legend below."""
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    with rc_context(_STYLE):
        figure = Figure(inches, layout="constrained")
        axes = list(figure.subplots(1, panels, squeeze=False)[0])
        yield axes
        figure.legend(
            *axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=len(CONTESTANTS)
        )
        figure.savefig(file, metadata={"Date": None})
