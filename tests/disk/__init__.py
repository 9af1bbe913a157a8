"""A disk that fails on purpose, for every test that asks what is left after it did.

`media` is the disk, `vfs` puts SQLite on it, `session` runs the store on it from power on to power off.
"""
