# README.md does what it shows: its programs compile, its commands work, its C and
# its output are the real ones.
# RUN: %python %s
import os
import sys

import document
from emitted import ROOT

for name in ("DLC_CFLAGS", "DLC_RUNTIME"):  # as a user would
    os.environ.pop(name, None)
sys.exit(document.check(os.path.join(ROOT, "README.md")) < 12)
