# RUN: %python %s
"""Every operator that `dlc --list=operators` shows has forward cases, or a
reason here why it has none."""
import sys

import cases_elementwise  # noqa: F401
import cases_moving  # noqa: F401
import cases_reducing  # noqa: F401
import cases_window  # noqa: F401
from cases import CASES
from emitted import DLC, run

ELSEWHERE = {
    "arg": "part of scan", "input": "in every case",
    "param": "tests/oracle/torch", "iter": "tests/oracle/torch/optimisers",
    "uniform": "tests/operators", "randn": "tests/operators",
    "scan": "tests/operators", "result": "part of scan",
    "pack_fft": "tests/operators", "conv_fft": "tests/operators",
    "pack_fft1": "tests/operators", "conv_fft1": "tests/operators",
    "grad": "tests/oracle/gradients", "map": "what fusion makes of the others",
}

listed = [line.split("(")[0] for line in
          run(DLC, "--list=operators").splitlines()]
problems = [f"{op}: no case" for op in listed
            if op not in CASES and op not in ELSEWHERE]
problems += [f"{op}: not an operator" for op in
             set(ELSEWHERE) | set(CASES) if op not in listed]
print("\n".join(problems))
sys.exit(bool(problems))
