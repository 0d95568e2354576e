# RUN: %python %s
"""Of the candidates whose times `dlc explain` shows, the chosen one is the
least, for every convolution of the examples on two machines."""
import re
import sys

from emitted import DLC, ROOT, run

UNITS = {"ns": 1e-9, "us": 1e-6, "ms": 1e-3}
CANDIDATE = re.compile(r"^  ([* ]) (\w+) .* scratch +([\d.e+]+) (ns|us|ms)$")
convolutions = bad = 0
winners = set()


def check(title, candidates):
    """(seconds, name, chosen) of one convolution."""
    global convolutions, bad
    convolutions += 1
    least = min(candidates)
    # times are printed with three digits: equal ones may be either
    if [c[0] for c in candidates if c[2]] != [least[0]]:
        bad += 1
        print(f"{title}: {candidates}")
    winners.add(least[1])


for example in ("lenet5", "alexnet", "googlenet"):
    for target in ("generic", "x86-64-v4"):
        text = run(DLC, "explain", f"{ROOT}/examples/{example}/model.dl",
                   f"--target={target}")
        for part in text.split("\n  conv ")[1:]:
            title, *lines = part.split("\n")
            candidates = []
            for line in lines:
                if line.endswith("does not apply"):
                    continue
                m = CANDIDATE.match(line)
                if not m:
                    break
                candidates.append((float(m[3]) * UNITS[m[4]], m[2],
                                   m[1] == "*"))
            check(f"{example} {target}: {title}", candidates)
print(f"{convolutions} convolutions, {bad} not the cheapest; "
      f"chosen: {' '.join(sorted(winners))}")
sys.exit(bad > 0 or convolutions < 100 or len(winners) < 2)
