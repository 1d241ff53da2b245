"""licc compiles trained learned-image-compression models to streaming FPGA codecs.

```
import licc
design = licc.compile("model.pt", "design", licc.Settings(size=(1280, 720), fps=30))
```
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .backends.board import Backend, package_design
    from .backends.calibrate import calibrate_target
    from .backends.design import Design, open_design
    from .dimensioning import Demand, Dimensions, dimension
    from .driver import compile, verify_design
    from .evaluation import bench
    from .evaluation.pruning import prune
    from .settings import Settings

__version__ = "0.1.0"
__all__ = [
    "Backend",
    "Demand",
    "Design",
    "Dimensions",
    "Settings",
    "__version__",
    "bench",
    "calibrate_target",
    "compile",
    "dimension",
    "open_design",
    "package_design",
    "prune",
    "verify_design",
]


def __getattr__(name: str) -> Any:
    """Imports a public name when it is first used, so that `import licc` takes no time."""
    if name == "Settings":
        from .settings import Settings

        return Settings
    if name in ("compile", "verify_design"):
        from . import driver

        return getattr(driver, name)
    if name in ("Demand", "Dimensions", "dimension"):
        from . import dimensioning

        return getattr(dimensioning, name)
    if name in ("Design", "open_design"):
        from .backends import design

        return getattr(design, name)
    if name == "bench":
        from .evaluation import bench

        return bench
    if name == "prune":
        from .evaluation.pruning import prune

        return prune
    if name in ("Backend", "package_design"):
        from .backends import board

        return getattr(board, name)
    if name == "calibrate_target":
        from .backends.calibrate import calibrate_target

        return calibrate_target
    raise AttributeError(f"licc has no {name}")
