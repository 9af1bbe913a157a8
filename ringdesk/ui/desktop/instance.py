"""One RingDesk for each data folder: a second start brings the first one's window up and ends."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication, QDeadlineTimer, QLockFile, QObject, QThread, Signal, Slot

if TYPE_CHECKING:
    from PySide6.QtNetwork import QLocalServer, QLocalSocket

# The lock is taken before the icon is in the tray; QtNetwork, which takes 10 ms to load, only after that.

log = logging.getLogger(__name__)

FOCUS: Final = "focus"
"""The argument of a start that only wants the newest call to have the keyboard."""

LONGEST_PATH: Final = 90
LONGEST_ARGUMENT: Final = 2048
PATIENCE_MS: Final = 2000
AGAIN_MS: Final = 20


class Instance(QObject):
    """Tells whether this is the first RingDesk of a data folder.

    The lock file names its process: where that is gone, the lock is taken over. It never grows stale by age.
    """

    another = Signal(str)
    """RingDesk was started again, with this argument (empty mostly)."""

    def __init__(self, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lock = QLockFile(str(folder / "ringdesk.lock"))
        self._lock.setStaleLockTime(0)
        self._name = _server_name(folder)
        self._locked = False
        self._server: QLocalServer | None = None

    def first(self) -> bool:
        """Take the lock; False where another RingDesk holds it.

        A folder that no lock can be written to has no other RingDesk either: the store will say what is wrong.
        """
        self._locked = self._lock.tryLock(0)
        return self._locked or self._lock.error() is not QLockFile.LockError.LockFailedError

    def listen(self) -> None:
        """Hear of every further start from now on."""
        if not self._locked:
            return
        from PySide6.QtNetwork import QLocalServer

        QLocalServer.removeServer(self._name)
        server = QLocalServer(self)
        server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        server.newConnection.connect(self._called)
        if not server.listen(self._name):
            log.warning("a second start cannot reach this one: %s", server.errorString())
        self._server = server

    def raise_first(self, argument: str = "") -> bool:
        """Have the first RingDesk come up; False where it does not listen.

        One that holds the lock and does not listen is still starting: it is given a moment.
        """
        from PySide6.QtNetwork import QLocalSocket

        socket = QLocalSocket()
        end = QDeadlineTimer(PATIENCE_MS)
        socket.connectToServer(self._name)
        while not socket.waitForConnected(PATIENCE_MS):
            if not self._held() or end.hasExpired():
                return False
            QThread.msleep(AGAIN_MS)
            socket.connectToServer(self._name)
        socket.write(argument[:LONGEST_ARGUMENT].encode("utf-8") + b"\n")
        written = socket.waitForBytesWritten(PATIENCE_MS)
        socket.disconnectFromServer()
        if socket.state() is not QLocalSocket.LocalSocketState.UnconnectedState:
            socket.waitForDisconnected(PATIENCE_MS)
        return written

    def _held(self) -> bool:
        """Another RingDesk has put its name into the lock file."""
        return bool(self._lock.getLockInfo()[0])

    def close(self) -> None:
        """Let another RingDesk be the first."""
        if self._server is not None:
            self._server.close()
            self._server = None
        self._lock.unlock()

    @Slot()
    def _called(self) -> None:
        server = self._server
        while server is not None and server.hasPendingConnections():
            socket = server.nextPendingConnection()
            socket.readyRead.connect(self._read)
            socket.disconnected.connect(socket.deleteLater)
            if socket.canReadLine():
                self._take(socket)

    @Slot()
    def _read(self) -> None:
        from PySide6.QtNetwork import QLocalSocket

        socket = self.sender()
        if isinstance(socket, QLocalSocket):
            if socket.canReadLine():
                self._take(socket)
            elif socket.bytesAvailable() > 4 * LONGEST_ARGUMENT:
                socket.abort()

    def _take(self, socket: QLocalSocket) -> None:
        line = bytes(socket.readLine(4 * LONGEST_ARGUMENT + 2).data())
        socket.disconnectFromServer()
        self.another.emit(line.decode("utf-8", "replace").strip())


def _server_name(folder: Path) -> str:
    """A socket in the data folder, which is this user's own; a name made of the folder's where its path is too long."""
    path = str(folder / "instance.sock")
    if len(path.encode()) <= LONGEST_PATH:
        return path
    import hashlib  # few folders have such a long name

    return "ringdesk-" + hashlib.sha256(path.encode("utf-8", "surrogatepass")).hexdigest()[:24]


def tell_running(folder: Path, argument: str) -> bool:
    """Tell the RingDesk of a data folder something, from a program without windows; False where none runs."""
    app = QCoreApplication.instance() or QCoreApplication(["ringdesk"])
    told = Instance(folder).raise_first(argument)
    app.quit()
    return told
