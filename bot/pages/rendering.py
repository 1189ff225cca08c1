"""The templates of finding, asking and reading."""

from __future__ import annotations

from bot.webinars.webinar import webinar_address
from web.rendering import Templates

_TEMPLATES = Templates("bot.pages", webinar_address=webinar_address)

page = _TEMPLATES.page
fragment = _TEMPLATES.fragment
