"""check(TEST): the README of the example that the test's name ends with."""
import os
import pathlib
import sys

import document
from emitted import ROOT


def check(test, level="-O0"):
    # a short run is over sooner than an optimiser of the C compiler
    os.environ["DLC_CFLAGS"] = level
    name = pathlib.Path(test).stem.removeprefix("example-")
    path = os.path.join(ROOT, "examples", name, "README.md")
    sys.exit(document.check(path) < 1)
