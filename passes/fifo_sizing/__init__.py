"""Parts of `size-fifos`: where it starts, what it searches, what it proves."""
