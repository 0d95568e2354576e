# README.md does what it shows: its programs compile, its commands work, its C and
# its output are the real ones.
# RUN: %python %s
import os
import sys

import document
from emitted import LEVEL, ROOT

# As a user would, but for what the optimiser takes of the time.
os.environ["DLC_CFLAGS"] = f"{'-O1' if LEVEL == '-O0' else '-O3'} -march=native"
sys.exit(document.check(os.path.join(ROOT, "README.md")) < 12)
