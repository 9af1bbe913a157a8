"""A small authority for an office that has none: its own certificate, and one for the team's server.

The authority's key signs the server's certificate once and can then be locked away; coworkers get the authority's
certificate with their invitation and trust nothing else for this connection.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

AUTHORITY_DAYS: Final = 3650
SERVER_DAYS: Final = 825


@dataclass(frozen=True, slots=True)
class Pair:
    """A certificate and its private key, both PEM."""

    certificate: bytes
    key: bytes

    def __repr__(self) -> str:
        return "Pair(...)"


@dataclass(frozen=True, slots=True)
class Files:
    """Where the certificates were written: two to copy to the server, one to keep, one for the coworkers."""

    authority: Path
    authority_key: Path
    server: Path
    server_key: Path


def new_authority(name: str) -> Pair:
    """An authority that may sign servers and no further authorities."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = _named(name)
    ids = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    made = (
        _builder(subject, subject, key, AUTHORITY_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .add_extension(ids, critical=False)
    )
    return _pair(made.sign(key, SHA256()), key)


def new_server(authority: Pair, hosts: Sequence[str]) -> Pair:
    """A server's certificate for its host names and addresses. Raises ValueError where there is none."""
    if not hosts:
        raise ValueError("a server needs a name")
    issuer = x509.load_pem_x509_certificate(authority.certificate)
    signer = load_pem_private_key(authority.key, None)
    if not isinstance(signer, ec.EllipticCurvePrivateKey):
        raise ValueError("the authority's key is not of the kind made here")
    key = ec.generate_private_key(ec.SECP256R1())
    made = (
        _builder(_named(hosts[0]), issuer.subject, key, SERVER_DAYS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([_host(host) for host in hosts]), critical=False)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
    )
    return _pair(made.sign(signer, SHA256()), key)


def write(folder: Path, hosts: Sequence[str]) -> Files:
    """Make an authority (or take the one that lies there) and a new server certificate in a folder of our own."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    files = Files(folder / "authority.crt", folder / "authority.key", folder / "server.crt", folder / "server.key")
    if files.authority_key.exists():
        authority = Pair(files.authority.read_bytes(), files.authority_key.read_bytes())
    else:
        authority = new_authority("RingDesk team authority")
        _put(files.authority_key, authority.key)
        _put(files.authority, authority.certificate, mode=0o644)
    server = new_server(authority, hosts)
    _put(files.server_key, server.key)
    _put(files.server, server.certificate, mode=0o644)
    return files


def ends(path: Path) -> datetime:
    """When the certificate in a file ends. Raises OSError and ValueError."""
    return x509.load_pem_x509_certificate(path.read_bytes()).not_valid_after_utc


def _put(path: Path, data: bytes, mode: int = 0o600) -> None:
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(data)


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:64])])


def _host(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, days: int
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))  # a coworker's clock may be behind
        .not_valid_after(now + timedelta(days=days))
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _pair(certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> Pair:
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return Pair(certificate.public_bytes(Encoding.PEM), private)
