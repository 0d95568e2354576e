# The README of examples/inception does what it shows.
# RUN: %python %s
import example_readme

example_readme.check(__file__)
