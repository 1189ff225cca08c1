"""``python -m bench.run``: measure, keep the figures in results.json, write RESULTS.md.

Parts that are not measured again keep their figures and dates. Evaluation data that is not at hand is
reported as absent.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from bench.figures import ROOT, Setting, hold_to_two_cores, machine
from bench.pictures import draw
from bench.report import PARTS, render
from index.quiet import be_quiet
from ingest.errors import UjuziError

HERE = Path(__file__).resolve().parent
EVALUATION = ROOT.parent / "shared" / "eval"
BY_NAME = ("peers", "growth")  # measured only when asked for: they need an environment of their own


def main() -> None:
    """Measure what was asked for; what is done stays done when the rest is broken off."""
    asked = _arguments()
    hold_to_two_cores()  # here, so that libraries count two cores when a part's process loads them
    kept = HERE / "results.json"
    results = json.loads(kept.read_text(encoding="utf-8")) if kept.is_file() else {}
    with tempfile.TemporaryDirectory() as scratch:
        libraries = asked.libraries or Path(scratch) / "libraries"
        setting = Setting(asked.eval.resolve(), Path(scratch) / "models", libraries.resolve())
        for name in [asked.only] if asked.only else (name for name in PARTS if name not in BY_NAME):
            print(f"Measuring {name} ...", flush=True)
            results[name] = _in_own_process(name, setting)
            kept.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
            (HERE / "RESULTS.md").write_text(render(results), encoding="utf-8")
            draw(results, HERE)
    print(f"Written to {HERE / 'RESULTS.md'}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.run", description="Measure Ujuzi.")
    parser.add_argument("--only", choices=list(PARTS), help="measure one part; the others keep their figures")
    parser.add_argument("--eval", type=Path, default=EVALUATION, help="the folder of the evaluation data")
    parser.add_argument(
        "--libraries",
        type=Path,
        help="keep the libraries of the test collections in this folder and take up those that are there; "
        "only for work on ranking: they must be thrown away when passages are cut or read differently",
    )
    return parser.parse_args()


def _in_own_process(name: str, setting: Setting) -> dict[str, Any]:
    """A fresh process a part: none inherits the memory or the loaded models of another."""
    with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as processes:
        return processes.submit(_measure, name, setting).result()


def _measure(name: str, setting: Setting) -> dict[str, Any]:
    be_quiet()
    figures = PARTS[name].measure(setting)
    return {"date": date.today().isoformat(), "machine": machine(), "figures": figures}


if __name__ == "__main__":
    try:
        main()
    except UjuziError as error:
        sys.exit(str(error))
