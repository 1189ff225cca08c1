"""The templates of finding, asking and reading."""

from __future__ import annotations

from bot.webinars.webinar import webinar_address
from web.rendering import Templates
from web.words import review_words

_TEMPLATES = Templates("bot.pages", review=review_words, webinar_address=webinar_address)

page = _TEMPLATES.page
fragment = _TEMPLATES.fragment
