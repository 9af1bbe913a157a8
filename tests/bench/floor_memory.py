"""Floor of memory: a window on the screen with the libraries RingDesk cannot do without, and no more.

Prints a line when the window was painted; ends when its standard input does.
"""

from __future__ import annotations

import asyncio
import sqlite3
import sys

import peewee
import phonenumbers
import qasync
from PySide6.QtCore import QSocketNotifier, QTimer
from PySide6.QtWidgets import QApplication, QMainWindow

app = QApplication([])
window = QMainWindow()
window.resize(900, 600)
window.show()
QTimer.singleShot(500, lambda: print("up", peewee.SqliteDatabase.__name__, sqlite3.sqlite_version, flush=True))
number = phonenumbers.parse("+34612345678", None)
loop = qasync.QEventLoop(app)
asyncio.set_event_loop(loop)
ended = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read)
ended.activated.connect(app.quit)
app.exec()
