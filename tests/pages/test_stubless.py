"""Gradio is loaded whole, and writes nothing beside its own source."""

from __future__ import annotations

import subprocess
import sys

import pytest

_LOADED = """
import ast
from contextlib import nullcontext
from bot.pages.stubless import stubless

def read(*_):
    raise AssertionError("a stub is made")

ast.get_source_segment = read
with {context}():
    import gradio
with gradio.Blocks():
    box = gradio.Textbox()
    box.change(len, box, gradio.Number())
"""


@pytest.mark.parametrize(("context", "made"), [("stubless", False), ("nullcontext", True)])
def test_no_stub_is_made_of_a_component(context: str, made: bool) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _LOADED.format(context=context)], capture_output=True, text=True, check=False
    )
    assert ("a stub is made" in done.stderr) is made
    assert (done.returncode != 0) is made, done.stderr
