"""A page looked through by axe, in the light and in the dark, wide and narrow."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
WIDTHS = (1280, 390)
GRAVE = ("serious", "critical")


def faults(page: Page, *schemes: Literal["light", "dark"], widths: Sequence[int] = WIDTHS) -> list[str]:
    """What axe finds serious or critical in the page, in these widths and colours."""
    found: set[str] = set()
    for scheme, width in product(schemes or SCHEMES, widths):
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        for violation in Axe().run(page).response["violations"]:
            for node in violation["nodes"] if violation["impact"] in GRAVE else []:
                found.add(f"{violation['id']} at {node['target']}, {scheme} {width}: {node['html'][:200]}")
    return sorted(found)
