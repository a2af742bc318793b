"""The kit's documentation as a page of pictures, each drawn by the example that stands in a docstring."""
