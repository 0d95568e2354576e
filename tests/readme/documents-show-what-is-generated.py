# docs/contract.md shows declarations as they are generated, docs/internals.md the
# IR and the passes as they are, docs/language.md a program and messages.
# RUN: %python %s
import os
import sys

import document
from emitted import ROOT

bad = 0
for name, least in (("contract.md", 8), ("internals.md", 8), ("language.md", 5)):
    bad += document.check(os.path.join(ROOT, "docs", name)) < least
sys.exit(bad > 0)
