"""`--prune`: channels removed until a share of the products is left, or a frame rate reached."""
