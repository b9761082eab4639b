"""What no test of one function shows: kills, failing disks, power cuts, flipped bits, and others at the same file.

Each harness is a module with `run(store, count, rng, folder)`. It works on any class of `kept.py` or `bad_stores.py`:
one that finds nothing wrong with the bad ones proves nothing. `drive.py` runs it in a process of its own.
"""
