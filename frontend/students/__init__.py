"""Students: the families of models that licc trains, and their training.

Importing this package imports no torch; its modules do, except for `architecture`.
"""

from .architecture import Activation, Architecture, Family

__all__ = ["Activation", "Architecture", "Family"]
