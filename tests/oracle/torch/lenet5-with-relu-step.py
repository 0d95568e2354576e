# RUN: %python %s
"""One training step of LeNet-5 with ReLU and maxima equals PyTorch's: to 1e-5
of each tensor's norm in f32, to 1e-9 in f64."""
import pytorch_step

pytorch_step.check("lenet5_relu")
