# RUN: %python %s
"""The transformer of bench/models gives what PyTorch gives with the same
weights."""
import bench_model

bench_model.check("transformer", 1, level="-O1")
