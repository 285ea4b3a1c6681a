"""A certificate authority of a house, as people make one for their own broker, and what it signs."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

VALID = timedelta(days=30)


@dataclass(frozen=True)
class Signed:
    """The files that a server is given."""

    certificate: Path
    key: Path


class Authority:
    """Signs certificates. They lack what only a strict check asks for, as home-made ones do."""

    def __init__(self, name: str = "A house") -> None:
        self._name = _name(name)
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._certificate = self._signed(self._name, self._key, VALID, x509.BasicConstraints(ca=True, path_length=None))

    @property
    def pem(self) -> str:
        """What a user pastes."""
        return self._certificate.public_bytes(serialization.Encoding.PEM).decode()

    def sign(self, folder: Path, address: str = "127.0.0.1", valid: timedelta = VALID) -> Signed:
        """Sign a certificate for an IP address; a negative validity has ended so long ago."""
        key = ec.generate_private_key(ec.SECP256R1())
        names = x509.SubjectAlternativeName([x509.IPAddress(ip_address(address))])
        certificate = self._signed(_name("broker"), key, valid, names)
        signed = Signed(folder / "server.crt", folder / "server.key")
        signed.certificate.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        signed.key.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
        return signed

    def _signed(
        self, name: x509.Name, key: ec.EllipticCurvePrivateKey, valid: timedelta, extension: x509.ExtensionType
    ) -> x509.Certificate:
        now = datetime.now(UTC)
        return (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - VALID * 2)
            .not_valid_after(now + valid)
            .add_extension(extension, critical=False)
            .sign(self._key, hashes.SHA256())
        )


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])
