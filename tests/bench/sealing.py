"""Measure our seal beside pyHanko's signer as its manual shows it: 10 and 100 pages, RSA-3072, PAdES B-B."""

import io
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from asn1crypto import pem, x509
from asn1crypto.keys import PrivateKeyInfo
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko_certvalidator.registry import SimpleCertificateStore
from reportlab.pdfgen.canvas import Canvas

from core.crypto.seal_keys import DemoPair, SealChain, new_demo_pair, read_chain, read_key
from core.sealer.asking import sign_by_sealer
from signatures.pdf.sealing import seal
from signatures.pdf.signers import DigestSigner
from tests.bench.browser import Broken
from tests.bench.table import Goal, Measured

PAGES = (10, 100)
# At most 0.15, better 0.07, of the time of the stock signer.
SEAL = Goal(must=1 / 0.15, aim=1 / 0.07)
LINE = "The parties agree that what is written here is all that was agreed between them, and nothing else."
PATIENCE_SECONDS = 20
SERVES = """
import os, sys
from pathlib import Path
from core.crypto.seal_keys import read_key
from core.sealer.serving import Sealer

Sealer(read_key(sys.stdin.buffer.read()), path=Path(sys.argv[1]), user=os.geteuid(), parent_pid=os.getppid()).run()
"""


def measure_sealing(folder: Path, rounds: int) -> list[list[Measured]]:
    """Return, for each number of pages, what was measured: the stock signer first.

    Args:
        folder: with a name short enough for a socket in it.
    """
    pair = new_demo_pair(datetime.now(UTC))
    chain, key = read_chain(pair.chain), read_key(pair.key)
    here = DigestSigner(chain.links, key.sign_digest)
    with _sealer(folder / "sealer", pair) as path:
        there = DigestSigner(chain.links, partial(sign_by_sealer, path=path, chain=chain))
        stock = _stock_signer(pair, chain)
        return [
            _run(document(pages), stock, {"sealed": here, "sealed by the sealer": there}, rounds) for pages in PAGES
        ]


def document(pages: int) -> bytes:
    """Return a PDF with pages of text."""
    file = io.BytesIO()
    canvas = Canvas(file, pageCompression=1)
    for _ in range(pages):
        for line in range(45):
            canvas.drawString(60, 780 - 16 * line, LINE)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def _run(source: bytes, stock: signers.SimpleSigner, own: dict[str, DigestSigner], rounds: int) -> list[Measured]:
    pages = source.count(b"/Type /Page\n") or source.count(b"/Type /Page ")
    acts: dict[str, Callable[[], bytes]] = {f"pyHanko's signer, {pages} pages": partial(_stock, source, stock)}
    acts |= {f"{name}, {pages} pages": partial(_own, source, signer) for name, signer in own.items()}
    found = [Measured(name, [], len(act()), None if at == 0 else SEAL) for at, (name, act) in enumerate(acts.items())]
    for _ in range(rounds):
        for measured, act in zip(found, acts.values(), strict=True):
            started_at = time.perf_counter()
            act()
            measured.seconds.append(time.perf_counter() - started_at)
    return found


def _stock_signer(pair: DemoPair, chain: SealChain) -> signers.SimpleSigner:
    _kind, _headers, key = pem.unarmor(pair.key)
    return signers.SimpleSigner(
        signing_cert=x509.Certificate.load(chain.links[0]),
        signing_key=PrivateKeyInfo.load(key),
        cert_registry=SimpleCertificateStore(),
    )


def _stock(source: bytes, signer: signers.SimpleSigner) -> bytes:
    metadata = signers.PdfSignatureMetadata(
        field_name="Seal",
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
        reason="Signed by all",
    )
    signed: bytes = signers.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(source)), metadata, signer=signer).getvalue()
    return signed


def _own(source: bytes, signer: DigestSigner) -> bytes:
    return seal(
        source,
        stamps=[],
        last_pages=b"",
        signer=signer,
        field_name="Seal",
        reason="Signed by all",
        at=datetime.now(UTC),
    )


@contextmanager
def _sealer(path: Path, pair: DemoPair) -> Iterator[Path]:
    process = subprocess.Popen(
        [sys.executable, "-c", SERVES, str(path)], stdin=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    assert process.stdin
    try:
        process.stdin.write(pair.key)
        process.stdin.close()
        give_up_at = time.monotonic() + PATIENCE_SECONDS
        while not path.exists():
            if process.poll() is not None or time.monotonic() > give_up_at:
                raise Broken("The sealer did not start.")
            time.sleep(0.05)
        yield path
    finally:
        process.terminate()
        process.wait(timeout=PATIENCE_SECONDS)
