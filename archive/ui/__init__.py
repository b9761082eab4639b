"""The terminal program. The only package that imports textual and rich."""

import os

# Textual reads both when it is imported. A lone escape is told from the beginning of a key's sequence by waiting: 100 ms
# by default, which one feels. And it paints on a clock of 60 Hz: at 120 Hz a key is on the screen 8 ms sooner.
os.environ.setdefault("ESCDELAY", "25")
os.environ.setdefault("TEXTUAL_FPS", "120")
