"""One module for each kind of phone system; they know nothing of each other."""
