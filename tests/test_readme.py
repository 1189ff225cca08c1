"""What the README says is so: its commands exist, its settings are the settings, its links lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import typer
from typer.testing import CliRunner

from app import command_line
from settings import Settings

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_command_of_the_readme_exists() -> None:
    cli = typer.main.get_command(command_line(Settings()))
    named = set(re.findall(r"`ujuzi ([a-z-]+)", README)) | set(re.findall(r"^ujuzi ([a-z-]+)", README, re.M))
    assert {"serve", "add", "search", "ask", "evaluate"} <= named
    assert named <= set(cli.commands)  # type: ignore[attr-defined]
    for name in sorted(named):
        assert CliRunner().invoke(command_line(Settings()), [name, "--help"]).exit_code == 0


def test_every_option_that_the_readme_gives_a_command_is_known() -> None:
    for name, options in re.findall(r"^\| `ujuzi ([a-z-]+)[^|]*\|([^\n]*--[^\n]*)\|$", README, re.M):
        shown = CliRunner().invoke(command_line(Settings()), [name, "--help"], env={"COLUMNS": "200"}).output
        for option in re.findall(r"--[a-z-]+", options):
            assert option in shown, (name, option)


def test_the_settings_table_is_the_settings() -> None:
    named = set(re.findall(r"`UJUZI_([A-Z_]+)`", README))
    assert {name.lower() for name in named} == set(Settings.model_fields)


def test_the_make_targets_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in set(re.findall(r"`?make ([a-z]+)`?", README)):
        assert re.search(rf"^{target}:", makefile, re.M), target


def test_every_link_leads_to_a_file() -> None:
    for link in re.findall(r"\]\(([^)#]+)\)", README):
        assert link.startswith("http") or (ROOT / link).exists(), link
