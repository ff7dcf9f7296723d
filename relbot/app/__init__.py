"""The use cases: one function each, a request in, a value out."""
