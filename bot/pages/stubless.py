"""Gradio without the editor's stubs that it writes beside its own source at every start."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from importlib.util import spec_from_file_location
from types import ModuleType

_WRITER = "gradio.component_meta"


@contextmanager
def stubless() -> Iterator[None]:
    """To import Gradio in.

    For each of its components it parses two files, fills in a template and compares the outcome with the stub
    on disk: half of the seconds that its import takes, for people who write programs with it.
    """
    finder = _Finder()
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)


class _Finder(MetaPathFinder):
    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname != _WRITER:
            return None
        found = PathFinder.find_spec(fullname, path, target)
        if found is None or not isinstance(found.loader, SourceFileLoader):
            return found
        path_of_source = found.loader.path
        return spec_from_file_location(fullname, path_of_source, loader=_Loader(fullname, path_of_source))


class _Loader(SourceFileLoader):
    def exec_module(self, module: ModuleType) -> None:
        super().exec_module(module)
        vars(module)["create_or_modify_pyi"] = _write_nothing


def _write_nothing(component_class: type, class_name: str, events: Sequence[object]) -> None:
    """In the place of the writer."""
