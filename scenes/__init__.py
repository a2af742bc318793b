"""The film: chapters, the kit they are made of, and the command that renders them."""
