# The README of examples/brackets does what it shows.
# RUN: %python %s
# REQUIRES: time
import example_readme

example_readme.check(__file__, level="-O1")
