"""The templates of the community's pages."""

from __future__ import annotations

from web.rendering import Templates

_TEMPLATES = Templates("community.pages")

page = _TEMPLATES.page
fragment = _TEMPLATES.fragment
