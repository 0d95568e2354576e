"""LeNet-5 (ReLU and maxima) on Fashion-MNIST, dlc beside PyTorch.

1. From PyTorch's initial weights and in PyTorch's order of batches, the first
   losses of dlc agree with PyTorch's to 1e-4 relative.
2. Five epochs from three seeds reach a test accuracy of at least 0.88.

    python3 bench/lenet_pytorch.py            # both; writes bench/results
    python3 bench/lenet_pytorch.py --steps=30 --no-fit
Data: Debian's dataset-fashion-mnist, or the folder DLC_DATA_DIR.
"""
import argparse
import gzip
import os
import pathlib
import platform
import re
import subprocess
import sys
import time

import numpy as np

ROOT = pathlib.Path(__file__).resolve().parent.parent
os.environ.setdefault("DLC", str(ROOT / "build" / "dlc"))
os.environ.setdefault("DLC_ROOT", str(ROOT))
sys.path.insert(0, str(ROOT / "tests" / "lib"))
MODEL = ROOT / "examples" / "lenet5_relu" / "model.dl"
BATCH, RATE, MOMENTUM = 32, 0.01, 0.9
LEAST_ACCURACY, MOST_ERROR = 0.88, 1e-4


def read_idx(name):
    """One file of the data set, packed or not, as the driver finds it."""
    folder = pathlib.Path(os.environ.get("DLC_DATA_DIR", "/usr/share/datasets"))
    for path in (folder / "fashion-mnist" / name, folder / name):
        for packed in (True, False):
            there = path.with_name(path.name + ".gz") if packed else path
            if there.exists():
                with (gzip.open if packed else open)(there, "rb") as f:
                    data = f.read()
                sizes = np.frombuffer(data, ">i4", data[3], 4)
                return np.frombuffer(data, np.uint8, offset=4 + 4 * data[3]
                                     ).reshape(sizes)
    raise SystemExit(f"no {name} in {folder}: install dataset-fashion-mnist")


def pytorch_losses(net, x, y, steps):
    import torch
    import torch.nn.functional as F
    optimiser = torch.optim.SGD(net.parameters(), RATE, momentum=MOMENTUM)
    losses = []
    for i in range(steps):
        batch = slice(i * BATCH, (i + 1) * BATCH)
        optimiser.zero_grad()
        loss = F.cross_entropy(net(torch.from_numpy(x[batch])),
                               torch.from_numpy(y[batch]))
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    return np.array(losses)


def compare_losses(steps, seed=0):
    """(dlc's losses, PyTorch's) of the first steps."""
    import torch

    import pytorch_models
    from dlc_run import dlc_run
    torch.manual_seed(seed)
    net = pytorch_models.lenet5_relu()
    images = read_idx("train-images-idx3-ubyte")
    labels = read_idx("train-labels-idx1-ubyte")
    order = torch.randperm(len(images)).numpy()[:steps * BATCH]
    x = (images[order, None] / np.float32(255)).astype(np.float32)
    y = labels[order].astype(np.int64)
    weights = pytorch_models.weights_of(net)
    theirs = pytorch_losses(net, x, y, steps)
    _, _, ours = dlc_run(MODEL, "step", {"x": x, "y": y}, weights=weights,
                         steps=steps, level="-O0")
    return ours[:, 0], theirs


def fit(seed, epochs):
    """(test accuracy, seconds) of `dlc fit`; the seconds include compiling."""
    start = time.perf_counter()
    r = subprocess.run([os.environ["DLC"], "fit", MODEL, f"--seed={seed}",
                        f"--epochs={epochs}"], capture_output=True, text=True)
    seconds = time.perf_counter() - start
    found = re.search(r"^test:.*\bacc ([\d.]+)", r.stdout, re.M)
    if r.returncode or not found:
        raise SystemExit(f"dlc fit failed:\n{r.stdout}{r.stderr}")
    return float(found[1]), seconds


def machine():
    try:
        with open("/proc/cpuinfo") as f:
            name = re.search(r"model name\s*: (.*)", f.read())[1]
    except (OSError, TypeError):
        name = platform.machine()
    compiler = subprocess.run([os.environ.get("CC", "cc"), "--version"],
                              capture_output=True, text=True).stdout
    flags = os.environ.get("DLC_CFLAGS", "-O3 -march=native")
    return f"{name}; {compiler.splitlines()[0]}; {flags}"


def main():
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument("--steps", type=int, default=100)
    p.add_argument("--seeds", type=int, default=3)
    p.add_argument("--epochs", type=int, default=5)
    p.add_argument("--no-fit", action="store_true", help="losses only")
    o = p.parse_args()
    ours, theirs = compare_losses(o.steps)
    errors = abs(ours - theirs) / theirs
    lines = [f"First {o.steps} losses from the same weights and batches: "
             f"largest relative difference {errors.max():.1e} (bound "
             f"{MOST_ERROR:g}).", "",
             "| step | dlc | PyTorch | relative difference |",
             "|---|---|---|---|"]
    for i in sorted({0, 1, 9, 24, 49, 74, o.steps - 1}):
        if i < o.steps:
            lines.append(f"| {i + 1} | {ours[i]:.6f} | {theirs[i]:.6f} | "
                         f"{errors[i]:.1e} |")
    bad = errors.max() > MOST_ERROR
    if not o.no_fit:
        results = [fit(seed, o.epochs) for seed in range(1, o.seeds + 1)]
        lines += ["", f"{o.epochs} epochs of `dlc fit`, batch {BATCH}, SGD "
                  f"{RATE} with momentum {MOMENTUM} (bound {LEAST_ACCURACY}):",
                  "", "| seed | test accuracy | seconds, compiling included |",
                  "|---|---|---|"]
        lines += [f"| {i} | {accuracy:.4f} | {seconds:.0f} |"
                  for i, (accuracy, seconds) in enumerate(results, start=1)]
        bad = bad or min(a for a, _ in results) < LEAST_ACCURACY
    print("\n".join(lines))
    if not o.no_fit:
        text = ("# LeNet-5 (ReLU and maxima) on Fashion-MNIST\n\n"
                "Written by `python3 bench/lenet_pytorch.py` on "
                f"{machine()}.\n\n" + "\n".join(lines) + "\n")
        (ROOT / "bench" / "results" / "lenet.md").write_text(text)
    print("FAILED" if bad else "ok")
    return int(bad)


if __name__ == "__main__":
    sys.exit(main())
