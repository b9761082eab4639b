"""Fault injection: kills, failing disks, power cuts, flipped bits, and other programs writing to the same files.

Each harness is a module with `run(subject, count, rng, folder)`. Most run any store class of `stores.py` or
`bad_stores.py`. Harnesses that drive the whole program list their `SUBJECTS`, such as the programs of
`bad_programs.py`. A harness must catch the bad subjects, otherwise its result for the real one proves nothing.
`drive.py` runs a harness in a separate process.
"""
