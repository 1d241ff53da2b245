"""Entropy coding in integers: CDF tables, which table a symbol is coded with, and the coder."""

from .model import Conditional, EntropyModel
from .table_coder import TableCoder
from .tables import Tables

__all__ = ["Conditional", "EntropyModel", "TableCoder", "Tables"]
