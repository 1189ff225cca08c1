"""Pages asked for as a browser does it, and times summed up."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import NamedTuple

import httpx

from bench.figures import Figures
from index.measures import percentile


class Visit(NamedTuple):
    """The seconds until the whole page had come, its bytes, and what it says."""

    seconds: float
    weight: int
    text: str


def visit(client: httpx.Client, address: str) -> Visit:
    """Ask for a page and read all of it. Raises httpx.HTTPStatusError where it is refused."""
    started = time.perf_counter()
    response = client.get(address)
    took = time.perf_counter() - started
    response.raise_for_status()
    return Visit(took, len(response.content), response.text)


def seconds_of(work: Callable[[], object]) -> float:
    """How long ``work`` takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def times(seconds: Sequence[float]) -> Figures:
    """How many there are, and in milliseconds the median and, of several, the 95th percentile."""
    shares = {"p50_ms": 0.5, "p95_ms": 0.95} if len(seconds) > 1 else {"p50_ms": 0.5}
    return {
        "times": len(seconds),
        **{name: round(1000 * percentile(seconds, share), 2) for name, share in shares.items()},
    }
