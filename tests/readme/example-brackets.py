# The README of examples/brackets does what it shows.
# RUN: %python %s
import example_readme

example_readme.check(__file__, level="-O1")
