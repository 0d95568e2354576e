# RUN: %python %s
"""AlexNet and GoogLeNet of bench/models, made narrow, give what PyTorch gives
with the same weights."""
import bench_model

bench_model.check("alexnet", 1, [("WIDTH", 8), ("HIDDEN", 64)],
                  width=8, hidden=64)
bench_model.check("googlenet", 1, [("WIDTH", 4)], width=4)
