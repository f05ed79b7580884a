"""This package's tasks inside other people's environments: one module each, which registers what it brings."""
