"""What runs a compiled design. Never imports torch, compressai or xdsl."""
