"""How channels are removed: which belong together, what each is worth, and how the layers behind
make up for those that go."""
