"""The terminal program. The only package that imports textual and rich."""

import os

# Textual reads both when it is imported. A lone escape is told from the beginning of a key's sequence by
# waiting, 100 ms by default, which one feels. It paints on a clock: at 120 Hz a key shows 8 ms sooner than at 60.
os.environ.setdefault("ESCDELAY", "25")
os.environ.setdefault("TEXTUAL_FPS", "120")
