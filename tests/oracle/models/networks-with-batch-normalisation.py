# RUN: %python %s
"""DS-CNN, MobileNet and a narrow ResNet-50 of bench/models give what PyTorch
gives with the same weights and running statistics."""
import bench_model

bench_model.check("dscnn", 2)
bench_model.check("mobilenet025", 1)
bench_model.check("resnet50", 1, [("WIDTH", 8)], width=8)
