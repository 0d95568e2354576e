# The README of examples/lenet5 does what it shows.
# RUN: %python %s
import example_readme

example_readme.check(__file__)
