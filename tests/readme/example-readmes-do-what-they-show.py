# The README of every example does what it shows: its commands work and its output
# is the real one.
# RUN: %python %s
import os
import sys

import document
from emitted import ROOT

bad = 0
for name in sorted(os.listdir(os.path.join(ROOT, "examples"))):
    path = os.path.join(ROOT, "examples", name, "README.md")
    bad += document.check(path) < 1
sys.exit(bad > 0)
