# The README of examples/autoencoders does what it shows.
# RUN: %python %s
# REQUIRES: time
import example_readme

example_readme.check(__file__)
