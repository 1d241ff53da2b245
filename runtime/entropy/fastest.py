"""Which entropy coder this machine has."""

from importlib import import_module

from .library_stack import LibraryStack
from .python_stack import PythonStack
from .stack import Stack

LIBRARY = "constriction"


def fastest_stack() -> type[Stack]:
    """The library's stack where it is installed, else that of plain Python: the same words, some
    forty times slower."""
    try:
        import_module(LIBRARY)
    except ImportError:
        return PythonStack
    return LibraryStack
