"""`python -m ringdesk`."""

import sys

from ringdesk.cli import main

if __name__ == "__main__":
    sys.exit(main())
