# RUN: %python %s
"""MLP and LeNet-5 of bench/models give what PyTorch gives with the same
weights."""
import bench_model

for name in ("mlp", "lenet"):
    bench_model.check(name, batch=5)
