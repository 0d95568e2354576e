"""The large networks of bench/models at their full width give what PyTorch
gives with the same weights."""
import os
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
os.environ.setdefault("DLC", os.path.join(ROOT, "build", "dlc"))
os.environ.setdefault("DLC_ROOT", ROOT)
sys.path.insert(0, os.path.join(ROOT, "tests", "lib"))

import bench_model  # noqa: E402

for name in ("alexnet", "googlenet", "resnet50"):
    bench_model.check(name, batch=1)
