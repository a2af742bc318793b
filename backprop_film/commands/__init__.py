"""The commands of ``backprop``, one module for each or for a few of a kind; `cli` puts them together."""
