"""The kinds of cursors and operators that lint tells apart, numbered as in libclang's interface."""

from enum import IntEnum


class Kind(IntEnum):
    """What a cursor is."""

    OTHER = -1
    OTHER_DECLARATION = 1
    STRUCT = 2
    CLASS = 4
    FIELD = 6
    FUNCTION = 8
    VARIABLE = 9
    PARAMETER = 10
    TYPEDEF = 20
    METHOD = 21
    NAMESPACE = 22
    LINKAGE = 23
    CONSTRUCTOR = 24
    DESTRUCTOR = 25
    CONVERSION = 26
    FUNCTION_TEMPLATE = 30
    CLASS_TEMPLATE = 31
    PARTIAL_SPECIALIZATION = 32
    TYPE_ALIAS = 36
    TYPE_NAME = 43
    TEMPLATE_NAME = 45
    NAMESPACE_NAME = 46
    IMPLICIT = 100
    REFERENCE = 101
    MEMBER = 102
    CALL = 103
    INTEGER = 106
    PARENTHESES = 111
    UNARY = 112
    BINARY = 114
    COMPOUND_ASSIGNMENT = 115
    FUNCTIONAL_CAST = 128
    COMPOUND = 202
    IF = 205
    SWITCH = 206
    WHILE = 207
    DO = 208
    FOR = 209
    GOTO = 210
    BREAK = 213
    RETURN = 214
    RANGE_FOR = 225
    NULL = 230
    DECLARATION = 231
    STATIC_ASSERT = 602


NAMES = (Kind.TYPE_NAME, Kind.TEMPLATE_NAME, Kind.NAMESPACE_NAME)
KINDS = {member.value: member for member in Kind}
BINARY_OPERATORS = {3: "*", 4: "/", 5: "%", 6: "+", 7: "-", 8: "<<", 9: ">>"} | {
    11: "<", 12: ">", 13: "<=", 14: ">=", 15: "==", 16: "!=", 22: "=", 26: "+=", 27: "-="
}  # fmt: skip
UNARY_OPERATORS = {1: "++", 2: "--", 3: "++", 4: "--", 7: "+", 8: "-"}
