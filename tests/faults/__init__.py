"""What no test of one function shows: kills, failing disks, power cuts, flipped bits, and others at the same file.

Each harness is a module with `run(subject, count, rng, folder)`. Most work on any class of `kept.py` or
`bad_stores.py`; those that drive the whole program name their `SUBJECTS`, such as the programs of `bad_programs.py`.
One that finds nothing wrong with the bad ones proves nothing. `drive.py` runs it in a process of its own.
"""
