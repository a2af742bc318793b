"""The film's voice: what says a sentence (an engine, or a person's recordings), and the clip that becomes of it."""
