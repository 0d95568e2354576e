# Pass fold comes to an end in every model: identities that undo each other, say
# by moving a reshape to and fro, would keep it going until it gives up.
# RUN: %python %s
import glob
import os
import sys

from emitted import DLC, ROOT, run

models = sorted(glob.glob(os.path.join(ROOT, "examples", "*", "model.dl"))
                + glob.glob(os.path.join(ROOT, "bench", "models", "*.dl")))
bad = [line for m in models for line in run(DLC, "explain", m).splitlines()
       if line.startswith("fold: ")]
print("\n".join(bad))
sys.exit(1 if bad or len(models) < 15 else 0)
