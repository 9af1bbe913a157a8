"""A real softphone and real callers for tests: baresip and sipp (Debian: baresip-core, sip-tester), all on 127.0.0.1.

Nothing leaves this machine, nothing needs root, every port is a free one and every process is ended by its own id.
The softphone answers nothing by itself; whoever controls it through ctrl_tcp does.
"""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

HOST = "127.0.0.1"
_CONFIG = """\
sip_listen {host}:{sip}
net_interface {host}
module_path {modules}
module g711.so
module aubridge.so
audio_source aubridge,test
audio_player aubridge,test
audio_alert aubridge,test
module_app account.so
module_app menu.so
module_app ctrl_tcp.so
ctrl_tcp_listen {host}:{control}
"""
_MODULES = (
    "/usr/lib/baresip/modules",
    "/usr/lib/x86_64-linux-gnu/baresip/modules",
    "/usr/lib/aarch64-linux-gnu/baresip/modules",
    "/usr/local/lib/baresip/modules",
)
_READY_SECONDS = 10.0


def missing() -> list[str]:
    """What is not installed of what a real call needs."""
    wanted = [name for name in ("baresip", "sipp") if shutil.which(name) is None]
    return wanted or ([] if _modules() else ["baresip's modules"])


def _modules() -> str | None:
    return next((folder for folder in _MODULES if (Path(folder) / "ctrl_tcp.so").is_file()), None)


def free_port(kind: socket.SocketKind = socket.SOCK_STREAM) -> int:
    """A port nobody uses now, for TCP or UDP."""
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def free_sip_port() -> int:
    """An even port that is free for UDP and TCP, with the next one free too: baresip takes both."""
    while True:
        port = free_port(socket.SOCK_DGRAM) & ~1
        try:
            for number, kind in ((port, socket.SOCK_DGRAM), (port, socket.SOCK_STREAM), (port + 1, socket.SOCK_STREAM)):
                with socket.socket(socket.AF_INET, kind) as probe:
                    probe.bind((HOST, number))
        except OSError:
            continue
        return port


def wait_until(true: Callable[[], bool], seconds: float, what: str) -> None:
    """Look again and again; AssertionError when it does not become true in time."""
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            raise AssertionError(f"waited {seconds} s for {what}")
        time.sleep(0.02)


@dataclass(frozen=True)
class Softphone:
    """A running baresip: where it takes SIP calls and where it takes commands."""

    folder: Path
    sip: int
    control: int
    process: subprocess.Popen[bytes]

    def log(self) -> str:
        """What it printed."""
        return (self.folder / "log").read_text(errors="replace")


@contextmanager
def softphone(folder: Path) -> Iterator[Softphone]:
    """Run a baresip of its own in a folder until the block ends."""
    folder.mkdir(parents=True, exist_ok=True)
    sip, control = free_sip_port(), free_port()
    (folder / "config").write_text(_CONFIG.format(host=HOST, sip=sip, control=control, modules=_modules()))
    (folder / "accounts").write_text(f"<sip:desk@{HOST}>;regint=0\n")
    (folder / "contacts").write_text("")
    with (folder / "log").open("wb") as log:
        process = _started(["baresip", "-f", str(folder)], folder, log)
        phone = Softphone(folder, sip, control, process)
        try:
            wait_until(lambda: "baresip is ready" in phone.log(), _READY_SECONDS, f"baresip: {phone.log()}")
            yield phone
        finally:
            _end(process)


@contextmanager
def caller(folder: Path, to: Softphone, scenario: str, name: str = "sipp") -> Iterator[subprocess.Popen[bytes]]:
    """Call the softphone with one of the scenarios below; its exit status is 0 when all went as the scenario says."""
    file = folder / f"{name}.xml"
    file.write_text(scenario, encoding="utf-8")
    with _sipp(folder, name, f"{HOST}:{to.sip}", "-sf", str(file)) as process:
        yield process


@dataclass(frozen=True)
class FarEnd:
    """A phone that answers: where it can be dialled."""

    port: int
    process: subprocess.Popen[bytes]

    @property
    def domain(self) -> str:
        """What follows the @ of its address."""
        return f"{HOST}:{self.port}"


@contextmanager
def far_end(folder: Path, name: str = "far") -> Iterator[FarEnd]:
    """A second endpoint that answers one call and waits for the other side to hang up."""
    port = free_port(socket.SOCK_DGRAM)
    file = folder / f"{name}.xml"
    file.write_text(_answers(), encoding="utf-8")
    with _sipp(folder, name, "-sf", str(file), port=port) as process:
        yield FarEnd(port, process)


@contextmanager
def _sipp(folder: Path, name: str, *options: str, port: int | None = None) -> Iterator[subprocess.Popen[bytes]]:
    local = str(port or free_port(socket.SOCK_DGRAM))
    command = ["sipp", *options, "-i", HOST, "-p", local, "-mi", HOST, "-m", "1", "-nostdin", "-trace_err"]
    media = ["-mp", str(free_sip_port())]
    with (folder / f"{name}.log").open("wb") as log:
        process = _started([*command, *media], folder, log)
        try:
            yield process
        finally:
            _end(process)


def _started(command: list[str], folder: Path, log: IO[bytes]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT)


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(1)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


# The scenarios. A caller who is answered speaks for `talk` milliseconds and hangs up; one who gives up does so after
# `ring` milliseconds; one whose callee hangs up waits for that; one who is declined gets an error and is done.


def hangs_up(number: str, name: str = "", talk: int = 300) -> str:
    """The caller waits for an answer, speaks and hangs up."""
    return _scenario(_invite(number, name), _RINGS, _answered(number, name), _pause(talk), _bye(number, name))


def is_hung_up(number: str, name: str = "") -> str:
    """The caller waits for an answer and then for the other side to hang up."""
    return _scenario(_invite(number, name), _RINGS, _answered(number, name), _WAIT_FOR_BYE)


def gives_up(number: str, name: str = "", ring: int = 300) -> str:
    """The caller lets it ring for a moment and gives up."""
    return _scenario(_invite(number, name), _MUST_RING, _pause(ring), _cancel(number, name))


def is_declined(number: str, name: str = "") -> str:
    """The caller is declined."""
    return _scenario(_invite(number, name), _RINGS, '<recv response="486"/>', _ack(number, name, "[branch-4]"))


_TAG = ";tag=[pid]f[call_number]"
_SOUND = """
Content-Type: application/sdp
Content-Length: [len]

v=0
o=test 1 1 IN IP[local_ip_type] [local_ip]
s=-
c=IN IP[media_ip_type] [media_ip]
t=0 0
m=audio [media_port] RTP/AVP 0
a=rtpmap:0 PCMU/8000"""


def _scenario(*parts: str) -> str:
    body = "\n".join(parts)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<scenario name="test">\n{body}\n</scenario>\n'


def _headers(method: str, number: str, name: str, *, branch: str = "[branch]", tag: str = "[peer_tag_param]") -> str:
    quoted = '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '" ' if name else ""
    sequence = 1 if method in ("INVITE", "ACK", "CANCEL") else 2
    return f"""{method} sip:desk@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch={branch}
From: {quoted}<sip:{number}@[local_ip]:[local_port]>;tag=[pid]r[call_number]
To: <sip:desk@[remote_ip]:[remote_port]>{tag}
Call-ID: [call_id]
CSeq: {sequence} {method}
Contact: <sip:caller@[local_ip]:[local_port]>
Max-Forwards: 70"""


def _send(text: str, *, again: bool = False) -> str:
    again_after = ' retrans="500"' if again else ""
    return f"<send{again_after}><![CDATA[\n\n{text}\n\n]]></send>"


def _invite(number: str, name: str) -> str:
    head = _headers("INVITE", number, name, tag="")
    return _send(
        head + _SOUND,
        again=True,
    )


def _answers() -> str:
    """The far end: rings, answers, and waits for the other side to hang up."""
    ringing = _ok(tag=_TAG).replace("200 OK", "180 Ringing")
    return _scenario('<recv request="INVITE"/>', ringing, _ok(_SOUND, _TAG), '<recv request="ACK"/>', _WAIT_FOR_BYE)


_RINGS = '<recv response="100" optional="true"/>\n<recv response="180" optional="true"/>'
_MUST_RING = '<recv response="100" optional="true"/>\n<recv response="180"/>'


def _ok(body: str = "\nContent-Length: 0", tag: str = "") -> str:
    return _send(f"""SIP/2.0 200 OK
[last_Via:]
[last_From:]
[last_To:]{tag}
[last_Call-ID:]
[last_CSeq:]
Contact: <sip:[local_ip]:[local_port]>{body}""")


_WAIT_FOR_BYE = '<recv request="BYE"/>\n' + _ok()


def _answered(number: str, name: str) -> str:
    return '<recv response="200"/>\n' + _ack(number, name, "[branch]")


def _ack(number: str, name: str, branch: str) -> str:
    return _send(_headers("ACK", number, name, branch=branch) + "\nContent-Length: 0")


def _pause(milliseconds: int) -> str:
    return f'<pause milliseconds="{milliseconds}"/>'


def _bye(number: str, name: str) -> str:
    bye = _send(_headers("BYE", number, name) + "\nContent-Length: 0", again=True)
    return bye + '\n<recv response="200"/>'


def _cancel(number: str, name: str) -> str:
    """CANCEL and the ACK of the 487 carry the INVITE's branch, counted back from where they stand."""
    cancel = _send(_headers("CANCEL", number, name, branch="[branch-4]", tag="") + "\nContent-Length: 0", again=True)
    return f'{cancel}\n<recv response="200"/>\n<recv response="487"/>\n' + _ack(number, name, "[branch-7]")
