"""What a film needs to be published: its description, transcript, captions, poster and other formats, in one folder."""
