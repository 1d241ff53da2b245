"""libclang's Python module, and the functions of its C interface that the module leaves out.

It is loaded by the first call, for it takes its time.
"""

from ctypes import POINTER, Structure, c_int, c_longlong, c_uint, c_void_p
from functools import cache
from importlib import import_module
from typing import Any


@cache
def libclang() -> Any:
    """The module `clang.cindex`."""
    clang: Any = import_module("clang.cindex")

    fields: list[tuple[str, Any]] = [("count", c_uint), ("ranges", POINTER(clang.SourceRange))]
    ranges: Any = type("SourceRanges", (Structure,), {"_fields_": fields})

    functions: dict[str, tuple[list[Any], Any]] = {
        "clang_Cursor_Evaluate": ([clang.Cursor], c_void_p),
        "clang_EvalResult_getKind": ([c_void_p], c_int),
        "clang_EvalResult_getAsLongLong": ([c_void_p], c_longlong),
        "clang_EvalResult_dispose": ([c_void_p], None),
        "clang_getCursorBinaryOperatorKind": ([clang.Cursor], c_int),
        "clang_getCursorUnaryOperatorKind": ([clang.Cursor], c_int),
        "clang_getSkippedRanges": ([clang.TranslationUnit, clang.File], POINTER(ranges)),
        "clang_disposeSourceRangeList": ([POINTER(ranges)], None),
    }
    for name, (arguments, result) in functions.items():
        function = getattr(clang.conf.lib, name)
        function.argtypes, function.restype = arguments, result
    return clang


def children_of(cursor: Any) -> list[Any]:
    """The cursors right below one: what `Cursor.get_children` gives, three times as fast."""
    found: list[Any] = []
    libclang().conf.lib.clang_visitChildren(cursor, _collector(), found)
    for child in found:
        child._tu = cursor._tu
    return found


@cache
def _collector() -> Any:
    """The one callback that collects cursors."""

    def collect(child: Any, parent: Any, found: list[Any]) -> int:
        found.append(child)
        return 1  # CXChildVisit_Continue

    return libclang().callbacks["cursor_visit"](collect)
