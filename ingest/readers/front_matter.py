"""YAML that strangers write: plain values only, no aliases (they can multiply), errors with their line."""

from __future__ import annotations

import re
from typing import Any

import yaml

from ingest.errors import FileRejected

_MOST = 200_000  # code points
_FENCED = re.compile(r"\A---[^\S\n]*\n(.*?)^(?:---|\.\.\.)[^\S\n]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_UNCLOSED = re.compile(r"\A---[^\S\n]*\n[a-z_]+:(?=\s)")


class _PlainLoader(yaml.SafeLoader):
    """Safe values, without aliases and without keys that hide each other."""

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise yaml.MarkedYAMLError(problem="aliases (*) are not used here", problem_mark=self.get_mark())
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys: set[str] = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode) and key.value in keys:
                raise yaml.MarkedYAMLError(problem=f"{key.value} is given twice", problem_mark=key.start_mark)
            keys.add(str(key.value))
        return super().construct_mapping(node, deep)


def parse_yaml(text: str, name: str, lines_before: int = 0) -> object:
    """The value of a YAML text that begins after ``lines_before`` lines of the file called ``name``."""
    if len(text) > _MOST:
        raise FileRejected(name, f"Its YAML part has more than {_MOST:,} characters. Shorten it.")
    try:
        return yaml.load(text, Loader=_PlainLoader)
    except yaml.MarkedYAMLError as error:
        line = (error.problem_mark.line if error.problem_mark else 0) + lines_before + 1
        raise FileRejected(
            name, f"Line {line} is not valid YAML: {error.problem or 'it cannot be read'}. Correct that line."
        ) from error
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        raise FileRejected(name, f"Its YAML part is not valid: {error}. Correct it.") from error
    except RecursionError as error:
        raise FileRejected(name, "Its YAML part is nested too deeply. Simplify it.") from error


def split_front_matter(text: str, name: str) -> tuple[dict[str, object], str]:
    """The properties at the head of a text, between lines of ``---``, and the text without them."""
    match = _FENCED.match(text)
    if match is None:
        if _UNCLOSED.match(text):
            raise FileRejected(
                name, "What describes it begins with a line of --- but has no such line after it."
            )
        return {}, text
    properties = parse_yaml(match[1], name, lines_before=1)
    if properties is None:
        return {}, text[match.end() :]
    if not isinstance(properties, dict):
        raise FileRejected(name, "What stands between the lines of --- is not a list of 'key: value' lines.")
    return {str(key): value for key, value in properties.items()}, text[match.end() :]
