"""The functions of GDN at rational points, rounded exactly: all tables of cores come from these
integer roots and divisions, so that they are the same on every machine."""

from math import isqrt

from .core import Form


def rounded(form: Form, numerator: int, denominator: int, bits: int) -> int:
    """round(2^bits · g(numerator / denominator)), half up."""
    match form:
        case Form.L2:
            return (isqrt((denominator << (2 * bits + 2)) // numerator) + 1) // 2
        case Form.L2_INVERSE:
            return (isqrt((numerator << (2 * bits + 2)) // denominator) + 1) // 2
        case Form.L1:
            return ((denominator << (bits + 1)) // numerator + 1) // 2


def first_segment(form: Form, index_bits: int) -> int:
    """The segment of the first mantissa, of 2^index_bits over [0, 1)."""
    return 1 << (index_bits - (1 if form is Form.L1 else 2))
