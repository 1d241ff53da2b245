"""One row from every table, so that the sums of the columns stay within limits: solved by CP-SAT.

A multiple-choice knapsack with as many constraints as there are resources, in integers throughout.
On the hyperprior codec (20 engines, up to 1,400 shapes each) CP-SAT of OR-tools decides a case in
0.03 to 0.15 s and finds the cheapest choice in at most 0.7 s, also where block RAM and LUTs are
tight. Merging the layers' Pareto fronts over DSP slices, block RAM, LUTs and registers took 35 s
for the first 15 of its layers, with 17,548 sums kept and the largest five still to come.

Effort is counted in CP-SAT's deterministic seconds, with one worker and a fixed seed: the same
tables give the same choice on every machine, however slow.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import CpModel, IntVar, LinearExprT

Table = NDArray[np.int64]
Limit = int | None
PARTS = 10_000
MOST_PARTS = 1 << 40
LARGEST_WEIGHT = 1 << 16
ROUNDING = 1e-6
WEIGHINGS = 40
WEIGHT = 1 << 30


@dataclass(frozen=True)
class Selection:
    """The row picked from each table (none: no selection was found), whether the answer is proven,
    and a price that no selection undercuts."""

    picks: tuple[int, ...] | None
    proven: bool
    bound: int = 0


def cheapest(
    tables: Sequence[Table], prices: Sequence[Table] | None, limits: Sequence[Limit], effort: float
) -> Selection:
    """The selection within the limits (None: no limit) with the least sum of prices; any one where
    there are no prices."""
    model, picks = _model(tables)
    for column, limit in enumerate(limits):
        if limit is not None:
            model.add(_total(picks, [table[:, column] for table in tables]) <= limit)
    if prices is not None:
        model.minimize(_total(picks, prices))
    return _solve(model, picks, effort)


def weighed(tables: Sequence[Table], limits: Sequence[Limit]) -> Selection | None:
    """Any selection within the limits, or that there is none, where weights of the columns show it;
    None where they leave it open.

    With the weighted sum of its columns as the price, the cheapest row of each table either
    makes a selection that fits, or one whose price is above that of the limits: then none fits
    (Lagrangian relaxation). Weights grow with what exceeds its limit, time after time.
    """
    columns = [column for column, limit in enumerate(limits) if limit is not None]
    most = np.array([limits[column] for column in columns], np.int64)
    rows = [table[:, columns] for table in tables]
    shares = np.ones(len(columns))
    for _ in range(WEIGHINGS):
        weights = (WEIGHT * shares / shares.sum() / np.maximum(most, 1)).astype(np.int64)
        prices = [row @ weights for row in rows]
        picks = tuple(int(price.argmin()) for price in prices)
        total = sum(row[pick] for row, pick in zip(rows, picks, strict=True))
        if np.all(total <= most):
            return Selection(picks, True)
        if total @ weights > most @ weights:
            return Selection(None, True)
        shares *= np.exp(np.clip(total / np.maximum(most, 1) - 1, -1, 1))
    return None


def nearest(tables: Sequence[Table], limits: Sequence[Limit], effort: float) -> Selection:
    """The selection that exceeds the limits least: the largest excess, relative to its limit,
    counts 2^16 times as much as the sum of all."""
    model, picks = _model(tables)
    largest = model.new_int_var(0, MOST_PARTS, "largest")
    objective: LinearExprT = largest * LARGEST_WEIGHT
    for column, limit in enumerate(limits):
        if limit is not None:
            excess = model.new_int_var(0, MOST_PARTS, "excess")
            used = _total(picks, [table[:, column] for table in tables])
            model.add(used * PARTS <= excess * max(limit, 1) + limit * PARTS)
            model.add(excess <= largest)
            objective += excess
    model.minimize(objective)
    return _solve(model, picks, effort)


def _model(tables: Sequence[Table]) -> "tuple[CpModel, list[list[IntVar]]]":
    """A model with a variable for each row, of which one is 1 in each table."""
    from ortools.sat.python.cp_model import CpModel

    model = CpModel()
    picks = [[model.new_bool_var("") for _ in table] for table in tables]
    for rows in picks:
        model.add_exactly_one(rows)
    return model, picks


def _total(picks: "list[list[IntVar]]", columns: Sequence[Table]) -> "LinearExprT":
    """The sum of what the picked rows have in a column."""
    variables = (variable for rows in picks for variable in rows)
    values: list[int] = np.concatenate(columns).tolist()
    return sum(v * value for v, value in zip(variables, values, strict=True))


def _solve(model: "CpModel", picks: "list[list[IntVar]]", effort: float) -> Selection:
    """Runs the solver for so many deterministic seconds."""
    from ortools.sat.python.cp_model import CpSolver

    solver = CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 0
    solver.parameters.max_deterministic_time = effort
    solver.solve(model)
    status = solver.status_name()
    if status not in ("OPTIMAL", "FEASIBLE"):
        return Selection(None, status == "INFEASIBLE")
    found = tuple([solver.boolean_value(v) for v in rows].index(True) for rows in picks)
    bound = math.ceil(solver.best_objective_bound - ROUNDING)
    return Selection(found, status == "OPTIMAL", bound)
