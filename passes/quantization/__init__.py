"""How the patterns of `quantize` find integers: formats, multipliers, intervals."""
