"""IR to result: the interpreter, HLS C++, reports."""
