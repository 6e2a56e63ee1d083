"""The papers of the gateway: an authority of its own, its server, one client, and the key that signs its answers."""

import datetime as dt
import ipaddress
import ssl
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

DAYS = 30
CLIENT = "phuong"
_PARTS = {
    "authority": "Sandbox CA",
    "server": "Sandbox LGSP",
    CLIENT: "Sandbox client phuong",
    "answers": "Sandbox seal",
}


class Papers:
    """Certificates and keys, made when the gateway starts and kept as PEM files in ``folder``.

    ``ca.pem`` and ``answers.pem`` say whom to trust; ``client.pem`` and ``client.key`` are those of the one system that
    may call. Two pairs open nothing: ``unknown`` is of our authority, ``stranger`` of another.
    """

    def __init__(self, folder: Path) -> None:
        """Draw all keys and write the files."""
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        authority = _Signed.by_itself(_PARTS["authority"])
        self.server = _Signed.by(authority, _PARTS["server"], is_server=True)
        self.client = _Signed.by(authority, _PARTS[CLIENT])
        unknown = _Signed.by(authority, "Unknown system")
        self.answers = _Signed.by(authority, _PARTS["answers"])
        self.stranger = _Signed.by(_Signed.by_itself("Stranger CA"), "Stranger")
        self._write("ca.pem", authority.certificate)
        self._write("answers.pem", self.answers.certificate)
        pairs = {"client": self.client, "unknown": unknown, "stranger": self.stranger, "server": self.server}
        for name, pair in pairs.items():
            self._write(f"{name}.pem", pair.certificate)
            self._write(f"{name}.key", pair.key)

    def _write(self, name: str, paper: x509.Certificate | EllipticCurvePrivateKey) -> None:
        file = self.folder / name
        file.touch(mode=0o600)
        file.write_bytes(paper.public_bytes(Encoding.PEM) if isinstance(paper, x509.Certificate) else pem_of(paper))

    def context(self) -> ssl.SSLContext:
        """Give what the server needs: nobody without a certificate of our authority comes in."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.load_cert_chain(self.folder / "server.pem", self.folder / "server.key")
        context.load_verify_locations(self.folder / "ca.pem")
        context.verify_mode = ssl.CERT_REQUIRED
        return context


def pem_of(key: EllipticCurvePrivateKey) -> bytes:
    """Write a private key."""
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


class _Signed:
    """A certificate and its key."""

    def __init__(self, certificate: x509.Certificate, key: EllipticCurvePrivateKey) -> None:
        self.certificate, self.key = certificate, key

    @classmethod
    def by_itself(cls, name: str) -> "_Signed":
        """Make an authority."""
        key = generate_private_key(SECP256R1())
        built = _builder(name, name, key).add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        return cls(built.add_extension(_signs_certificates(), critical=True).sign(key, hashes.SHA256()), key)

    @classmethod
    def by(cls, authority: "_Signed", name: str, *, is_server: bool = False) -> "_Signed":
        """Make a server's or a client's."""
        key = generate_private_key(SECP256R1())
        issuer = authority.certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value
        use = ExtendedKeyUsageOID.SERVER_AUTH if is_server else ExtendedKeyUsageOID.CLIENT_AUTH
        builder = _builder(name, str(issuer), key).add_extension(x509.ExtendedKeyUsage([use]), critical=False)
        above = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.key.public_key())
        builder = builder.add_extension(above, critical=False)
        if is_server:
            here = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
            builder = builder.add_extension(x509.SubjectAlternativeName(here), critical=False)
        return cls(builder.sign(authority.key, hashes.SHA256()), key)


def _builder(name: str, issuer: str, key: EllipticCurvePrivateKey) -> x509.CertificateBuilder:
    now = dt.datetime.now(dt.UTC)
    public = key.public_key()
    return (
        x509.CertificateBuilder()
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(minutes=5))
        .not_valid_after(now + dt.timedelta(days=DAYS))
    )


def _signs_certificates() -> x509.KeyUsage:
    names = (
        "digital_signature",
        "content_commitment",
        "key_encipherment",
        "data_encipherment",
        "key_agreement",
        "key_cert_sign",
        "crl_sign",
        "encipher_only",
        "decipher_only",
    )
    return x509.KeyUsage(**{name: name in ("key_cert_sign", "crl_sign") for name in names})
