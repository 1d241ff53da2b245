"""`--budget`: bits of single layers, chosen so that images lose no more than was allowed."""

from .demand import Budget, parse_budget
from .search import Assignment, within_budget

__all__ = ["Assignment", "Budget", "parse_budget", "within_budget"]
