"""How `balance-pipeline` chooses: the shapes of each engine, the search, and the rewriting."""
