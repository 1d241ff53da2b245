"""The stream level as C++ for Vitis HLS and plain g++: printing, compiling, simulating."""

from .build import Project
from .errors import HlsError
from .project import write_project

__all__ = ["HlsError", "Project", "write_project"]
