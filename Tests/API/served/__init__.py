"""A gateway with its API, as the tests of this folder see it."""
