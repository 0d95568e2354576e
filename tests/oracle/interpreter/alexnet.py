# RUN: %python %s
# REQUIRES: time
"""AlexNet on one image equals the float64 reference within 2e-5, and `dlc
explain` shows the candidates of each of its 5 convolutions with their costs."""
import large_network

large_network.check("alexnet", 227, convolutions=5, gain=2.5)
