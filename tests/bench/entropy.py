"""How fast the entropy coder is, with the tables of a model and symbols drawn from them.

    python tests/bench/entropy.py MODEL…

Of the library and of plain Python: Msymbols a second, the best of three runs in one thread, and the
bytes above what the tables say.
"""

import sys
import time
from pathlib import Path

import numpy as np

from licc.frontend import entropy_model, load_model
from licc.runtime.arithmetic import Array
from licc.runtime.entropy import EntropyModel, TableCoder, Tables
from licc.runtime.entropy.library_stack import LibraryStack
from licc.runtime.entropy.python_stack import PythonStack
from licc.runtime.latent_coder import SLICE_SYMBOLS

SHAPE = (1, 192, 128, 192)
SCALES = 30
"""How many of the Gaussian tables are used, those of the smallest scales."""


def tables_of(entropy: EntropyModel, rng: np.random.Generator) -> tuple[Tables, Array]:
    """Tables of a latent, and one for each of its symbols."""
    if entropy.conditional is None:
        return entropy.bottleneck, entropy.bottleneck_rows(SHAPE).ravel()
    rows = rng.integers(0, SCALES, np.prod(SHAPE)).astype(np.uint16)
    return entropy.conditional.tables, rows


def draw(tables: Tables, rows: Array, rng: np.random.Generator) -> Array:
    """A symbol of each row's table, with its frequencies, none an escape."""
    symbols = np.zeros(len(rows), np.int16)
    for row in np.unique(rows):
        where = rows == row
        frequencies = np.diff(tables.cdf[row, : tables.lengths[row]])[:-1]
        drawn = rng.choice(len(frequencies), where.sum(), p=frequencies / frequencies.sum())
        symbols[where] = drawn + tables.offsets[row]
    return symbols


def measure(coder: TableCoder, symbols: Array, rows: Array) -> None:
    """Prints the figures of a coder."""
    parts = [slice(i, i + SLICE_SYMBOLS) for i in range(0, len(rows), SLICE_SYMBOLS)]
    times: list[tuple[float, float]] = []
    codes: list[bytes] = []
    for _ in range(3):
        start = time.process_time()
        codes = [coder.encode(symbols[part], rows[part]) for part in parts]
        middle = time.process_time()
        found = [coder.decode(code, rows[part]) for code, part in zip(codes, parts, strict=True)]
        times.append((middle - start, time.process_time() - middle))
        assert np.array_equal(np.concatenate(found), symbols)
    encode, decode = (len(symbols) / min(each) / 1e6 for each in zip(*times, strict=True))
    above = 8 * sum(map(len, codes)) / coder.tables.bits(symbols, rows) - 1
    name = coder.stack.__name__
    print(f"  {name}: encode {encode:.1f}, decode {decode:.1f} Msymbols/s, bytes {above:+.3%}")


def main(models: list[Path]) -> None:
    """Both coders, for each model."""
    for path in models:
        rng = np.random.default_rng(0)
        entropy = entropy_model(load_model(path), print)
        assert entropy is not None
        tables, rows = tables_of(entropy, rng)
        symbols = draw(tables, rows, rng)
        print(path.name)
        measure(TableCoder(tables, LibraryStack), symbols, rows)
        few = slice(0, SLICE_SYMBOLS)
        measure(TableCoder(tables, PythonStack), symbols[few], rows[few])


if __name__ == "__main__":
    main([Path(argument) for argument in sys.argv[1:]])
