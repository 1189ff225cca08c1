"""What is slow to load, loaded: a process that imports this hands it on to its copies."""

from __future__ import annotations

from community.uploads.places import mentions
from community.uploads.themes import themes_of
from index.glossary import glossary
from ingest.language import detect_language
from tests.fakes import HashEmbedder

_TEXT = "A sentence about training in Kenya before anybody leaves for another country."

detect_language(_TEXT)
mentions(_TEXT, "en")
themes_of(_TEXT, "en", HashEmbedder())
glossary()
