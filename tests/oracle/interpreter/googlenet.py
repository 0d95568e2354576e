# RUN: %python %s
# REQUIRES: time
"""A network of nine Inception modules on one image equals the float64
reference within 2e-5, and `dlc explain` shows the candidates of each of its
57 convolutions with their costs."""
import large_network

large_network.check("googlenet", 224, convolutions=57, gain=2.1)
