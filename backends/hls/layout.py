"""The layout of the frame that a FIFO carries."""

from ...dialects.stream_types import FifoType
from ...dialects.tensors import is_signed
from ...runtime.frame_layout import FrameLayout


def layout_of(fifo: FifoType) -> FrameLayout:
    """How the frame lies in the beats of an AXI4-Stream of the FIFO's words."""
    element = fifo.frame.element_type
    _, channels, height, width = fifo.frame.get_shape()
    return FrameLayout(channels, height, width, fifo.lanes, element.width.data, is_signed(element))
