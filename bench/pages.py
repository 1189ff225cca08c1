"""The search page of a large library: how long a visitor waits for the whole of it, and what it weighs."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import chain, islice
from pathlib import Path
from urllib.parse import urlencode

import httpx
import numpy as np

from bench import synthetic
from bench.figures import Figures, Setting, Target, at, shown, table
from bench.scale import Given, drafts, in_own_process
from bench.serving import serving
from bench.visits import Visit, visit
from index.entries import Draft
from index.indexing import readable
from index.library import Library
from index.measures import percentile
from index.models import BUNDLED, Embedder, load_embedder
from index.packing import pack_pairs
from index.store import Store
from ingest.domain import THEMES, Event, Source

TITLE = "Search page"
HOW = (
    "100,000 made-up passages of 5,000 documents (`bench/synthetic.py`), described by 200 countries, 120 "
    "sectors, 300 webinars and 500 speakers, with as many tokens as the model makes. `ujuzi serve` is asked "
    "over HTTP for `/search?q=`, one page after the other, after a warm-up: 100 questions, then 100 others "
    "with one to three limits, each limit of a document that is there. The time is until the whole page has "
    "come."
)
SIZE = 100_000
QUESTIONS, WARM_UP = 100, 20
COUNTRIES = tuple(f"Country {number}" for number in range(1, 201))
SECTORS = tuple(f"Sector {number}" for number in range(1, 121))
EVENTS = 300
_SEED = 20_261_128
_TOGETHER = 500  # documents that are stored in one transaction
_FIRST_EVENT = datetime(2020, 1, 15, 12, tzinfo=UTC)

Fields = Sequence[tuple[str, str]]  # of an address


def measure(setting: Setting) -> Figures:
    """The times and weights of pages without and with limits."""
    with tempfile.TemporaryDirectory() as scratch:
        data = Path(scratch) / "data"
        in_own_process(build, data, SIZE, setting.models)
        with serving(data) as server:
            server.seconds_until("/config")
            server.ask_all(["What is ready?"])  # so that nothing is loaded beside what is measured
            with httpx.Client(base_url=server.address, timeout=60) as client:
                return ask(client, *in_own_process(searches))


def build(folder: Path, size: int, models: Path) -> None:
    """Store ``size`` described passages in ``folder`` and make the indexes."""
    folder.mkdir(parents=True)
    store = Store(folder / "ujuzi.db")
    embedder = load_embedder(BUNDLED, models)
    numbered = enumerate(with_tokens(described(size), embedder))
    while some := list(islice(numbered, _TOGETHER)):
        with store.writing() as connection:
            for number, draft in some:
                version = store.insert(connection, draft)
                if number < EVENTS:
                    store.put_event(connection, version, _event(number))
    store.close()
    with Library(folder, embedder=Given(embedder, {})) as library:
        library.indexes_agree()  # which needs them, so that they are made


def described(size: int) -> Iterator[Draft]:
    """The documents of so many passages, with everything that a search can be limited to."""
    for number, draft in enumerate(drafts(size)):
        yield replace(draft, source=_described(draft.source, number))


def with_tokens(made: Iterator[Draft], embedder: Embedder) -> Iterator[Draft]:
    """The same with as many packed tokens a passage as the model would make, all alike."""
    random = np.random.default_rng(_SEED)
    packed = pack_pairs(random.standard_normal((1, synthetic.DIMENSIONS), dtype=np.float32))
    for draft in made:
        counts = [len(embedder.token_spans(readable(passage))) for passage in draft.passages]
        vectors = [
            replace(one, tokens=packed * count) for one, count in zip(draft.vectors, counts, strict=True)
        ]
        yield replace(draft, vectors=vectors)


def _described(source: Source, number: int) -> Source:
    random = np.random.default_rng((_SEED, number))

    def some(values: Sequence[str], most: int) -> tuple[str, ...]:
        # the first of them often, as in life
        drawn = (random.random(int(random.integers(1, most + 1))) ** 2 * len(values)).astype(int)
        return tuple(dict.fromkeys(values[at_] for at_ in drawn))

    countries = some(COUNTRIES, 4)
    talks = number < EVENTS or source.kind in ("transcript", "slides")
    return replace(
        source,
        countries=countries,
        corridors=(f"{countries[0]} -> {countries[1]}",) if len(countries) > 1 else (),
        sectors=some(SECTORS, 3),
        themes=some(THEMES, 3),
        event=f"webinar-{number % EVENTS}" if talks else None,
    )


def _event(number: int) -> Event:
    start = _FIRST_EVENT + timedelta(days=7 * number)
    title = f"Webinar {number} on {THEMES[number % len(THEMES)]}"
    return Event(f"webinar-{number}", title, start, start + timedelta(hours=2), "UTC")


def searches() -> tuple[list[Fields], list[Fields], list[Fields]]:
    """What is asked for: the warm-up, questions alone, questions with limits of some of the documents."""
    questions = synthetic.questions(WARM_UP + 2 * QUESTIONS)
    random = np.random.default_rng(_SEED)
    sources = [draft.source for draft in described(synthetic.BLOCK)]
    plain: list[Fields] = [[("q", question)] for question in questions]
    limited: list[Fields] = [
        [*one, *_limits(sources[int(random.integers(len(sources)))], random)] for one in plain
    ]
    return (
        [*plain[: WARM_UP // 2], *limited[WARM_UP // 2 : WARM_UP]],
        plain[WARM_UP : WARM_UP + QUESTIONS],
        limited[WARM_UP + QUESTIONS :],
    )


def _limits(source: Source, random: np.random.Generator) -> Fields:
    """One to three limits, all of which ``source`` keeps."""
    day = source.date.isoformat() if source.date else ""
    known = [
        ("kind", source.kind), ("country", source.countries[0]), ("theme", source.themes[0]),
        ("sector", source.sectors[0]), ("language", source.language), ("when", day[:4]),
        *([("event", source.event)] if source.event else []),
    ]  # fmt: skip
    chosen = random.choice(len(known), int(random.integers(1, 4)), replace=False)
    return [known[at_] for at_ in chosen]


def ask(
    client: httpx.Client, warm_up: Sequence[Fields], plain: Sequence[Fields], limited: Sequence[Fields]
) -> Figures:
    """Times in milliseconds and weights in bytes, of the pages without limits and of those with some."""
    for fields in warm_up:
        visit(client, _address(fields))
    return {
        name: _summary([visit(client, _address(fields)) for fields in chosen])
        for name, chosen in (("plain", plain), ("limited", limited))
    }


def _address(fields: Fields) -> str:
    return f"/search?{urlencode(fields)}"


def _summary(visits: Sequence[Visit]) -> Figures:
    seconds, weights = [one.seconds for one in visits], [one.weight for one in visits]
    return {
        "p50_ms": round(1000 * percentile(seconds, 0.5), 1),
        "p95_ms": round(1000 * percentile(seconds, 0.95), 1),
        "bytes_median": round(percentile(weights, 0.5)),
        "bytes_most": max(weights),
    }


def targets(figures: Figures) -> list[Target]:
    """The target of the issue, and that no page is heavier than a slow line bears."""
    most = max(chain((0,), (at(figures, name, "bytes_most") or 0 for name in ("plain", "limited"))))
    return [
        Target(
            "Search page, 100,000 passages, p95", at(figures, "plain", "p95_ms"), 100, False, " ms", 0
        ),
        Target(
            "The same with one to three limits, p95",
            at(figures, "limited", "p95_ms"), 100, False, " ms", 0,
        ),
        Target("The heaviest of these pages", most / 1000 if most else None, 30, False, " kB", 1),
    ]  # fmt: skip


def section(figures: Figures) -> list[str]:
    """Both kinds of pages side by side."""
    named = [
        ("p50, ms", "p50_ms", 1),
        ("p95, ms", "p95_ms", 1),
        ("bytes, median", "bytes_median", 0),
        ("bytes, most", "bytes_most", 0),
    ]
    rows = [
        (name, *(shown(at(figures, kind, key), digits) for kind in ("plain", "limited")))
        for name, key, digits in named
    ]
    return table(["of a page", "without limits", "with limits"], rows)
