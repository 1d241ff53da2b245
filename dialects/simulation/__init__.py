"""Actors as programs of steps, and bounded FIFOs between them, cycle by cycle."""
