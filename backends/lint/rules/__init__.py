"""The rules of lint: one function a rule, which yields what it objects to."""

from ..unit import Rule
from . import arrays, dataflow, loops, pragmas, streams, widths


def get_all_rules() -> dict[str, Rule]:
    """The rules by the names that findings carry."""
    return {
        "dataflow-canonical": dataflow.canonical,
        "process-body": streams.process_body,
        "stream-unconnected": streams.unconnected,
        "stream-producer": streams.one_producer,
        "stream-consumer": streams.one_consumer,
        "stream-feedback": streams.feedback,
        "stream-width": widths.stream_width,
        "ap-int-width": widths.ap_int_width,
        "loop-bound": loops.bound,
        "loop-exit": loops.exits,
        "unroll-bound": loops.unroll_bound,
        "array-pieces": arrays.pieces,
        "pragma-place": pragmas.place,
        "pragma-name": pragmas.name,
        "pragma-deprecated": pragmas.deprecated,
        "pragma-option": pragmas.option,
        "pragma-required": pragmas.required,
        "pragma-value": pragmas.value,
        "pragma-spaces": pragmas.spaces,
        "pragma-variable": pragmas.variable,
        "memory-uram": pragmas.uram,
    }
