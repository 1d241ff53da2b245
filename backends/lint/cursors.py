"""A typed face of libclang's cursors: declarations, statements, expressions and their types.

Templates are seen as the design instantiates them: the cursor that a call refers to is the
specialisation, its body is the instantiated one (a branch of `if constexpr` that is not taken is
not there), and clang itself evaluates the constant expressions in it. So a bound that depends on
the `Cfg` of an actor is the number that synthesis will see, by clang's own constant evaluator.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from .kinds import BINARY_OPERATORS, KINDS, UNARY_OPERATORS, Kind
from .library import children_of, libclang

LARGEST = 2**31 - 1
INTEGER_RESULT = 1  # CXEval_Int


class Place(NamedTuple):
    """A line of a file; `offset` in characters from its start."""

    file: str
    line: int
    offset: int


class Extent(NamedTuple):
    """A run of characters of a file."""

    file: str
    start: int
    end: int


@dataclass(frozen=True, eq=False)
class Type:
    """A type, without its aliases and references."""

    handle: Any

    @property
    def name(self) -> str:
        """As C++ would write it."""
        return self.handle.spelling

    @property
    def is_void(self) -> bool:
        """Whether it is void."""
        return self.handle.kind.name == "VOID"

    @cached_property
    def template(self) -> str:
        """The qualified name of the class, without template arguments; empty if it is none."""
        if self.handle.kind.name != "RECORD":
            return ""
        declaration = self.handle.get_declaration()
        names = [declaration.spelling]
        parent = declaration.semantic_parent
        while parent is not None and parent.kind.name == "NAMESPACE":
            names.append(parent.spelling)
            parent = parent.semantic_parent
        return "::".join(reversed(names))

    def integer_argument(self) -> int:
        """The first template argument of the class, an integer."""
        return self.handle.get_declaration().get_template_argument_value(0)

    def type_argument(self) -> "Type":
        """The first template argument of the class, a type."""
        return Type(self.handle.get_template_argument_type(0).get_canonical())

    @property
    def fields(self) -> tuple["Type", ...]:
        """The types of the members of a class."""
        return tuple(Type(field.type.get_canonical()) for field in self.handle.get_fields())

    @cached_property
    def dimensions(self) -> tuple[int, ...]:
        """The sizes of an array, outermost first; empty if it is none."""
        sizes: list[int] = []
        handle = self.handle
        while handle.kind.name == "CONSTANTARRAY":
            sizes.append(handle.get_array_size())
            handle = handle.get_array_element_type()
        return tuple(sizes)

    @property
    def element(self) -> "Type":
        """What an array holds, itself if it is none."""
        handle = self.handle
        for _ in self.dimensions:
            handle = handle.get_array_element_type()
        return Type(handle.get_canonical())

    @property
    def bytes(self) -> int:
        """Its size for the host; negative where it has none."""
        return self.handle.get_size()

    @property
    def is_const(self) -> bool:
        """Whether a variable of it cannot change."""
        return self.handle.is_const_qualified()


class Node:
    """A cursor: a declaration, a statement or an expression. What is asked of it more than once is
    kept."""

    __slots__ = ("_children", "_key", "_type", "cursor", "kind")

    def __init__(self, cursor: Any):
        self.cursor = cursor
        self.kind = KINDS.get(cursor._kind_id, Kind.OTHER)
        self._children: tuple[Node, ...] | None = None
        self._key = ""
        self._type: Type | None = None

    @property
    def kind_name(self) -> str:
        """What it is, in libclang's words."""
        return self.cursor.kind.name.lower().replace("_", " ")

    @property
    def name(self) -> str:
        """What it declares or refers to."""
        return self.cursor.spelling

    @property
    def children(self) -> "tuple[Node, ...]":
        """Its parts, in the order of the text."""
        if self._children is None:
            self._children = tuple(map(Node, children_of(self.cursor)))
        return self._children

    @property
    def place(self) -> Place:
        """Where it is named."""
        location = self.cursor.location
        return Place(location.file.name if location.file else "", location.line, location.offset)

    @property
    def extent(self) -> Extent:
        """The text that it takes up; that of a template's instance is the template's."""
        extent = self.cursor.extent
        start = extent.start
        return Extent(start.file.name if start.file else "", start.offset, extent.end.offset)

    @property
    def key(self) -> str:
        """The same for every cursor of a declaration, and of no other one."""
        if not self._key:
            self._key = self.cursor.get_usr()
        return self._key

    @property
    def type(self) -> Type:
        """Of an expression or a variable."""
        if self._type is None:
            handle = self.cursor.type.get_canonical()
            if handle.kind.name in ("LVALUEREFERENCE", "RVALUEREFERENCE"):
                handle = handle.get_pointee().get_canonical()
            self._type = Type(handle)
        return self._type

    @property
    def result(self) -> Type:
        """What a function returns."""
        return Type(self.cursor.result_type.get_canonical())

    @property
    def is_reference(self) -> bool:
        """Whether a variable is a reference."""
        return self.cursor.type.get_canonical().kind.name.endswith("REFERENCE")

    @property
    def is_static(self) -> bool:
        """Whether a variable outlives its function."""
        return self.cursor.storage_class.name == "STATIC"

    @property
    def referenced(self) -> "Node | None":
        """The declaration that an expression refers to: of a template, the instance."""
        found = self.cursor.referenced
        return None if found is None else Node(found)

    @property
    def definition(self) -> "Node | None":
        """Where a function or a class is defined."""
        if self.cursor.is_definition():
            return self
        found = self.cursor.get_definition()
        return None if found is None else Node(found)

    @property
    def parent(self) -> "Node | None":
        """The class or namespace of a declaration."""
        found = self.cursor.semantic_parent
        return None if found is None else Node(found)

    @property
    def arguments(self) -> tuple["Node", ...]:
        """What a call passes on."""
        return tuple(map(Node, self.cursor.get_arguments()))

    @property
    def template_arguments(self) -> tuple[str, ...]:
        """Those of a function's instance, as text; only those that are types or integers."""
        texts: list[str] = []
        for index in range(max(0, self.cursor.get_num_template_arguments())):
            match self.cursor.get_template_argument_kind(index).name:
                case "TYPE":
                    texts.append(self.cursor.get_template_argument_type(index).spelling)
                case "INTEGRAL":
                    value = self.cursor.get_template_argument_unsigned_value(index)
                    if value > LARGEST:  # it is negative
                        value = self.cursor.get_template_argument_value(index)
                    texts.append(str(value))
                case _:
                    pass
        return tuple(texts)

    @property
    def constant(self) -> int | None:
        """The value of an integer constant expression, or of a variable initialised by one."""
        library = libclang().conf.lib
        result = library.clang_Cursor_Evaluate(self.cursor)
        if not result:
            return None
        try:
            if library.clang_EvalResult_getKind(result) != INTEGER_RESULT:
                return None
            return library.clang_EvalResult_getAsLongLong(result)
        finally:
            library.clang_EvalResult_dispose(result)

    @property
    def operator(self) -> str:
        """The operator of a unary or binary expression, built in or a function's; else empty."""
        library = libclang().conf.lib
        match self.kind:
            case Kind.BINARY | Kind.COMPOUND_ASSIGNMENT:
                return BINARY_OPERATORS.get(
                    library.clang_getCursorBinaryOperatorKind(self.cursor), ""
                )
            case Kind.UNARY:
                return UNARY_OPERATORS.get(
                    library.clang_getCursorUnaryOperatorKind(self.cursor), ""
                )
            case Kind.CALL if self.name.startswith("operator"):
                return self.name.removeprefix("operator")
            case _:
                return ""
