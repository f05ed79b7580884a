"""A certificate authority that is made for one run, by OpenSSL's command line, and thrown away with its folder."""

from __future__ import annotations

import base64
import hashlib
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from webvoyager_gym.errors import MissingDependency

_DAYS = "2"
_NEW_KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
_CONFIG = """[req]
distinguished_name = subject
prompt = no
[subject]
CN = {name}
[authority]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign
subjectKeyIdentifier = hash
[site]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
subjectAltName = {hosts}
"""


class Authority:
    """An authority of its own.

    Attributes:
        root: its certificate, a PEM file.

    Args:
        folder: gets its files; made if it is not there.

    Raises:
        MissingDependency: there is no OpenSSL 3.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self.root, self._key = folder / "root.pem", folder / "root.key"
        self._certify("authority", "webvoyager-gym throw-away authority", ["localhost"], self.root, self._key)

    def certificate(self, hosts: Sequence[str]) -> Path:
        """One certificate that holds for these hosts: a PEM file with its key and the chain up to the root."""
        site, key = self._folder / "site.pem", self._folder / "site.key"
        self._certify("site", hosts[0], hosts, site, key, "-CA", str(self.root), "-CAkey", str(self._key))
        whole = self._folder / "chain.pem"
        whole.write_bytes(site.read_bytes() + self.root.read_bytes() + key.read_bytes())
        return whole

    def _certify(self, kind: str, name: str, hosts: Sequence[str], out: Path, key: Path, *signed: str) -> None:
        config = self._folder / f"{kind}.cnf"
        config.write_text(_CONFIG.format(name=name, hosts=",".join(f"DNS:{host}" for host in hosts)), encoding="ascii")
        options = ["-config", str(config), "-extensions", kind, "-days", _DAYS, "-out", str(out), "-keyout", str(key)]
        _openssl("req", "-x509", *_NEW_KEY, *options, *signed)


def key_digest(certificate: Path) -> str:
    """The SHA-256 of the public key of a file's first certificate, as Chromium's options name keys (base64)."""
    pem = _openssl("x509", "-in", str(certificate), "-noout", "-pubkey").split()
    # Without the words "-----BEGIN PUBLIC KEY-----" and the like this is the key as DER.
    der = base64.b64decode("".join(pem[3:-3]))
    return base64.b64encode(hashlib.sha256(der).digest()).decode()


def _openssl(*arguments: str) -> str:
    program = shutil.which("openssl")
    if program is None:
        raise MissingDependency(
            "Certificates are made with OpenSSL 3, which is not here; run 'apt-get install openssl'."
        )
    done = subprocess.run([program, *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        said = done.stderr.strip().splitlines()
        raise MissingDependency(f"openssl could not make a certificate; OpenSSL 3 can: {said[-1] if said else '?'}")
    return done.stdout
