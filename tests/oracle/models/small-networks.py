# RUN: %python %s
"""MLP, LeNet-5 and the LSTM of bench/models give what PyTorch gives with the
same weights."""
import bench_model

for name in ("mlp", "lenet", "lstm"):
    bench_model.check(name, batch=5)
