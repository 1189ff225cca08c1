"""What holds for every page: headers, the look, and what is shown when something is missing or breaks."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from tests.pages.seen import see, text_of
from web.assets import STATIC, asset_address

PAGES = [
    "/search",
    "/search?q=airfare",
    "/sources",
    "/sources/palm",
    "/sources/workshops",
    "/sources/nothing",
]


@pytest.mark.parametrize("address", PAGES)
def test_every_page_keeps_to_its_own_machine(client: TestClient, address: str) -> None:
    response = client.get(address)
    policy = response.headers["content-security-policy"]
    assert "default-src 'self'" in policy and "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["referrer-policy"] == "same-origin"
    assert response.headers["content-language"].startswith("en")
    assert not re.search(r"""(?:src|<link[^>]+href)=["'](?:https?:)?//""", response.text)
    assert " style=" not in response.text and not re.search(r"\son\w+=", response.text)


@pytest.mark.parametrize("address", PAGES)
def test_every_page_can_be_used_by_ear_and_keyboard(client: TestClient, address: str) -> None:
    page = see(client, address, status=404 if address.endswith("nothing") else 200)
    assert page.html["lang"] == "en"
    assert page.select_one("a.skip-link")["href"] == "#main" and page.select_one("main#main")
    assert len(page.select("h1")) == 1
    levels = [int(heading.name[1]) for heading in page.select("h1, h2, h3, h4, h5, h6")]
    assert all(level <= before + 1 for before, level in pairwise(levels))
    labels = [part["aria-label"] for part in page.select("nav, aside")]
    assert len(labels) == len(set(labels))
    named = {label["for"] for label in page.select("label[for]")}
    for field in page.select("input:not([type=hidden]), select"):
        assert field.get("id") in named or field.find_parent("label")
    ids = [tag["id"] for tag in page.select("[id]")]
    assert len(ids) == len(set(ids))


def test_the_look_is_kept_by_the_browser_until_it_changes(client: TestClient) -> None:
    fresh = client.get(asset_address("ujuzi.css"))
    assert fresh.headers["content-type"].startswith("text/css")
    assert "immutable" in fresh.headers["cache-control"]
    assert client.get("/static/ujuzi.css?v=old").headers["cache-control"] == "no-cache"
    assert client.get("/static/..%2Fweb.py").status_code == 404
    assert "url(" not in (STATIC / "ujuzi.css").read_text()


def test_whoever_asks_for_an_icon_gets_ours(client: TestClient) -> None:
    icon = client.get("/favicon.ico")
    assert icon.headers["content-type"] == "image/svg+xml"
    assert icon.content == (STATIC / "icon.svg").read_bytes()


def test_health(client: TestClient) -> None:
    assert client.get("/health").json() == {"ok": True}


def test_an_unknown_address_is_a_page_for_people_and_json_for_programs(client: TestClient) -> None:
    assert "no page at this address" in text_of(see(client, "/nowhere", status=404), "main")
    assert client.get("/nowhere", headers={"accept": "application/json"}).json() == {"detail": "Not Found"}


def test_a_fault_of_ours_is_told_without_its_insides(app: FastAPI, client: TestClient) -> None:
    @app.get("/breaks")
    def breaks() -> None:
        raise RuntimeError("secret inside")

    page = see(client, "/breaks", status=500)
    assert "Nothing of yours is lost" in text_of(page, "main")
    assert "secret" not in page.text and "Traceback" not in page.text


def test_links_can_be_checked_without_their_content(client: TestClient) -> None:
    for address in ("/search?q=airfare", "/sources/palm", "/sources/palm/original"):
        assert client.head(address).status_code == 200
