"""How `round-weights` finds integers: what a layer sees on calibration images, and the rounding."""
