"""A DESIGN: the folder that a compilation leaves, and the checks that it holds what it says.

| file | what it is |
|---|---|
| `report.json` | figures of the engines, the target, where the model came from |
| `ir/float.mlir`, `ir/integer.mlir`, `ir/stream.mlir` | the program at the three levels |
| `fifos.json` | the certificate of every function's FIFO depths |
| `hls/` | a project that Vitis HLS and plain g++ both build |
| `rtl/` | SystemVerilog, once `licc verify --rtl` or `licc synth` has printed it |
| `model.licc` | the integer program of the whole codec and its entropy model, for the runtime |
| `model/` | the model file itself |
"""

from .folder import Design, DesignError, open_design
from .writer import Parts, check_output, write_design

__all__ = ["Design", "DesignError", "Parts", "check_output", "open_design", "write_design"]
