"""A Tcl interpreter whose commands are methods of a class: a stand-in for a tool with a console."""

import tkinter
from pathlib import Path


class ToolError(Exception):
    """What the tool would not take."""


class Tool:
    """Runs scripts. A method `do_x` is the command `x`, `do_a__x` the command `a::x`."""

    def __init__(self):
        self._wrong: ToolError | None = None
        self._tcl = tkinter.Tcl()
        for name in dir(self):
            if name.startswith("do_"):
                space, _, command = name[3:].rpartition("__")
                if space:
                    self._tcl.eval(f"namespace eval {space} {{}}")
                    command = f"{space}::{command}"
                self._tcl.createcommand(command, self._guarded(getattr(self, name)))

    def run(self, script: Path, *arguments: str) -> None:
        """Runs a script; `ToolError` or `tkinter.TclError` for what is wrong with it."""
        self._tcl.setvar("argv", arguments)
        try:
            self._tcl.evalfile(str(script))
        except tkinter.TclError as error:
            raise (self._wrong or error) from None

    def _guarded(self, command):
        def run(*arguments: str) -> str:
            try:
                return command(*arguments) or ""
            except ToolError as error:
                self._wrong = error
                raise

        return run

    def _list(self, text: str) -> list[str]:
        return [str(one) for one in self._tcl.splitlist(text)]
