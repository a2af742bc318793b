"""``backprop watch``: a page that shows a chapter while it is written.

The `server` answers the page; the `session` knows what it shows and what is to be drawn next; `saved` tells when a
source has been saved; a warm process (`worker`, `studio`) plays the chapter and sleeps at the start of each beat
(`nest`), so that a beat is drawn again without all that comes before it; `called` decides whether a change may be taken
in there.
"""
