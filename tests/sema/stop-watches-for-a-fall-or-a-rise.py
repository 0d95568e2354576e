# RUN: %python %s
"""`stop patience{k}(m)` waits for m to fall, `stop patience{k}(-m)` for it to
rise: here m rises in every epoch."""
import pathlib
import tempfile

import numpy as np

from emitted import DLC, run

SOURCE = """dim N <= 4;
model m {{
  input x : real[N];
  param w : real = 0.0;
  metric level = mean(w * x);
  loss J = mean((w * x - 10.0) ^ 2);
  train step {{ minimize J; using sgd{{lr = 0.01}}; }}
  fit main {{
    data x = "{folder}/x.npy", valid = 0.25;
    run step;  epochs 6;
    stop patience{{2}}({watched});
  }}
}}
"""


def fit(folder, watched):
    path = folder / "m.dl"
    path.write_text(SOURCE.format(folder=folder, watched=watched))
    return run(DLC, "fit", path)


with tempfile.TemporaryDirectory() as name:
    folder = pathlib.Path(name)
    np.save(folder / "x.npy", np.ones(16, dtype=np.float32))
    for watched, last, best in (("level", 3, 1), ("-level", 6, 6)):
        text = fit(folder, watched)
        print(f"stop on {watched}\n{text}")
        assert f"epoch {last}/6" in text
        assert f"epoch {last + 1}/6" not in text
        assert f"best: epoch {best} " in text
        assert ("stopped" in text) == (last < 6)
