# docs/contract.md shows declarations as they are generated.
# RUN: %python %s
import os
import sys

import document
from emitted import ROOT

sys.exit(document.check(os.path.join(ROOT, "docs", "contract.md")) < 3)
