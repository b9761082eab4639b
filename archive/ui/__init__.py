"""The terminal program. The only package that imports textual and rich."""

import os

# Textual reads both when it is imported. ESCDELAY (ms): how long to wait after an escape byte before treating it as
# the escape key; the default of 100 ms is noticeable. TEXTUAL_FPS: at 120 Hz a key shows 8 ms sooner than at 60.
os.environ.setdefault("ESCDELAY", "25")
os.environ.setdefault("TEXTUAL_FPS", "120")
