"""MS-SSIM of frames; PSNR is in `licc.runtime.images`."""

import warnings
from importlib import import_module
from typing import Any

import torch

from ..runtime.arithmetic import Array

MIN_SIDE = 161


def ms_ssim(reference: Array, frame: Array) -> float | None:
    """MS-SSIM (Wang et al., 2003) of uint8 frames [1, 3, H, W], by pytorch-msssim with its five
    scales; None for a side of fewer than 161 pixels, which they do not fit."""
    if min(frame.shape[2:]) < MIN_SIDE:
        return None
    # pytorch-msssim uses what torch calls deprecated
    with warnings.catch_warnings(), torch.inference_mode():
        warnings.simplefilter("ignore")
        library: Any = import_module("pytorch_msssim")
        frames = (torch.as_tensor(one, dtype=torch.float32) for one in (reference, frame))
        return float(library.ms_ssim(*frames, data_range=255))
