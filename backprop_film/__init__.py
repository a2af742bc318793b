"""From chapters to a film: order, rendering, joining, captions, previews, checks, and the command line."""
