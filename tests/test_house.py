"""The house rules: who may know whom, what an import may load, and that nothing leaves the machine."""

from __future__ import annotations

import ast
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("ingest", "index", "web", "bot", "community")

# The arrows: a package may import itself and what stands in its row.
ARROWS = {
    "ingest": set(),
    "index": {"ingest"},
    "web": {"ingest"},
    "bot": {"ingest", "index", "web"},
    "community": {"ingest", "index", "web"},
    "settings": {"index", "community"},
    "composition": {"index", "web", "bot", "community", "settings"},
    "app": {"ingest", "index", "bot", "community", "settings", "composition"},
}
# Who may import what is heavy, or would let pages grow into other packages. The exceptions say why.
ONLY_IN = {
    "gradio": ("bot/pages/",),
    "jinja2": ("web/rendering.py",),
    "fastapi": ("web/", "bot/pages/", "community/pages/", "composition.py"),  # which makes the app
    "starlette": ("web/", "bot/pages/", "community/pages/", "composition.py"),
    "uvicorn": ("app.py",),
    "haystack": ("index/haystack.py", "bot/pipeline.py", "bot/write.py"),
    "sqlalchemy": ("index/store.py", "index/tables.py", "community/"),
    "sqlite3": ("index/tables.py",),
    "faiss": ("index/vectors.py",),
    "tantivy": ("index/words.py",),
    "torch": ("index/conversion.py",),
    "openvino": ("index/models.py", "index/conversion.py"),
    "sentence_transformers": ("index/models.py",),
    "transformers": ("index/models.py",),
    "typer": ("index/commands.py", "bot/commands.py", "community/commands.py", "app.py"),
    "rapidfuzz": ("index/spelling.py",),
    "icalendar": ("bot/webinars/calendar.py",),
    "docx": ("ingest/readers/docx.py", "bot/pages/", "community/practices/"),
    "argon2": ("community/accounts/passwords.py",),
    "authlib": ("community/accounts/openid.py",),
    "limits": ("community/accounts/throttle.py",),
    "smtplib": ("community/accounts/mail.py",),
    "phonenumbers": ("community/gaps/masking.py",),
    "scipy": ("community/gaps/",),
    "fpdf": ("bot/pages/",),
    "requests": (),
    "urllib.request": (),
}
HEAVY = {"torch", "haystack", "gradio", "transformers", "sentence_transformers", "openvino"}
# Modules that stand on Haystack from their first line; the others import them on use.
BORDERS = {"index.haystack", "bot.pipeline"}


def modules() -> list[Path]:
    """Every Python file of the product, relative to its root."""
    files = [path for package in PACKAGES for path in (ROOT / package).rglob("*.py")]
    return sorted(path.relative_to(ROOT) for path in [*files, *ROOT.glob("*.py")])


@cache
def imported(path: Path) -> set[str]:
    """The full names of the modules that a file imports, wherever in it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: modules are imported by their full names"
            names.add(node.module or "")
    return names


@pytest.mark.parametrize("path", modules(), ids=str)
def test_arrows_go_one_way(path: Path) -> None:
    package = path.parts[0].removesuffix(".py")
    own = {name.split(".")[0] for name in imported(path)} & {*ARROWS, "tests", "corpus", "bench"}
    assert own <= ARROWS[package] | {package}


@pytest.mark.parametrize("library", ONLY_IN)
def test_each_framework_is_known_in_its_place_only(library: str) -> None:
    users = [
        path.as_posix()
        for path in modules()
        if any(name == library or name.startswith(f"{library}.") for name in imported(path))
    ]
    assert [user for user in users if not user.startswith(ONLY_IN[library] or ("nowhere",))] == []


def test_no_module_is_a_drawer_for_odds_and_ends() -> None:
    assert not {path.stem for path in modules()} & {"utils", "util", "helpers", "common", "misc"}


def run_python(code: str, *arguments: object) -> str:
    """What ``code`` prints in a process of its own."""
    command = [sys.executable, "-W", "error::ResourceWarning", "-c", code, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr[-2_000:]
    return done.stdout


def test_importing_does_nothing_heavy() -> None:
    names = [".".join(path.with_suffix("").parts).removesuffix(".__init__") for path in modules()]
    light = [name for name in names if name not in BORDERS]
    code = """
import importlib, sys, threading
for name in sys.argv[2:]:
    importlib.import_module(name)
    loaded = set(sys.argv[1].split(",")) & set(sys.modules)
    assert not loaded, (name, loaded)
assert threading.active_count() == 1, threading.enumerate()
"""
    run_python(code, ",".join(HEAVY), *light)


GUARDED = """
import atexit, ipaddress, pathlib, socket, sys
attempts = []
atexit.register(lambda: print(attempts))  # the first to be registered is the last to run
def local(host):
    try:
        return host in ("localhost", None, "") or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
def guard(name, host_of):
    plain = getattr(socket, name) if hasattr(socket, name) else getattr(socket.socket, name)
    def guarded(*given, **more):
        host = host_of(given)
        if not local(host):
            attempts.append((name, host))
            raise OSError("no network in this test")
        return plain(*given, **more)
    setattr(socket if hasattr(socket, name) else socket.socket, name, guarded)
guard("getaddrinfo", lambda given: given[0])
for name in ("connect", "connect_ex", "sendto"):
    guard(name, lambda given: given[-1][0] if isinstance(given[-1], tuple) else None)

import composition, settings
from fastapi.testclient import TestClient
from index.library import Library
from ingest.cage import Cage
from ingest.reading import read_document
from bot.assistant import Assistant

folder, models = map(pathlib.Path, sys.argv[1:])
with Library(folder, models=models) as library:
    with Cage() as cage:
        text = b"# Fees\\n\\nThe employer pays the airfare of each worker."
        library.add(read_document(text, "fees.md", "fees.md", cage=cage))
    assert Assistant(library).answer("Who pays the airfare?").found
    with TestClient(composition.build(library, settings.Settings(), "token")) as web:
        assert web.get("/search?q=airfare").status_code == 200
        assert web.get("/").status_code == 200
    try:
        socket.create_connection(("203.0.113.1", 80), timeout=1)  # the guard does guard
    except OSError:
        pass
"""


def test_nothing_leaves_the_machine(tmp_path: Path, models: Path) -> None:
    """Build a library, ask it, open the chat: the only attempt is the one that the test makes itself."""
    said = run_python(GUARDED, tmp_path / "data", models)
    assert said.strip() == "[('getaddrinfo', '203.0.113.1')]"
