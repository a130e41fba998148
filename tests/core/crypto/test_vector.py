"""The golden vector: every input is SHA-256 of a label, so that any program can make it again.

The same figures are asked of WebCrypto in a real browser (tests/browser/test_container_vector.py).
"""

import hashlib
import io

from core.crypto.container import ContainerId, ContainerReader, ContainerWriter, commitment_to_key
from core.crypto.links import LinkName, recognizer, unwrap_data_key, wrap_data_key
from core.crypto.secret import Secret

CHUNK = 65_536
PLAIN = b"A" * CHUNK + b"B" * CHUNK + b"tail"
AUTH = "d6b18eb9b4a5667691d0ba6d40690565181107bd78bb999c1181ad934cbc8770"
COMMITMENT = "9b5dd5159dcf5bf951a9f92d234ab6341a44f54f03e046e5ffddeb0730b1b547"
WRAP = "4ccbf911fc1dfed6825af0e88f4e29f2d936f6efe980cf14645ceeb713579e0c90475a89cec6422fef37cfec7fe83690"


def label(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


DATA_KEY, LINK, GATE = Secret(label("dk")), Secret(label("link")), Secret(label("gate"))
WHOLE, FILE = label("m")[:16], label("f")[:16]
NAME = LinkName(locator=label("loc")[:16], salt=label("lsalt"), holder=label("r")[:16], whole=WHOLE)


def container() -> bytes:
    sink = io.BytesIO()
    writer = ContainerWriter(sink, DATA_KEY, ContainerId(WHOLE, FILE), chunk_bytes=CHUNK, salt=label("salt"))
    writer.write(PLAIN)
    writer.close()
    return sink.getvalue()


def test_the_recognizer() -> None:
    assert recognizer(LINK, NAME) == hashlib.sha256(bytes.fromhex(AUTH)).digest()


def test_the_commitment() -> None:
    assert commitment_to_key(DATA_KEY, WHOLE).hex() == COMMITMENT


def test_the_wrap() -> None:
    nonce = label("nonce")[:12]
    wrap = wrap_data_key(DATA_KEY, secret=LINK, gate_key=GATE, name=NAME, policy=label("policy"), nonce=nonce)
    assert (wrap[:12], wrap[12:].hex()) == (nonce, WRAP)
    assert unwrap_data_key(wrap, secret=LINK, gate_key=GATE, name=NAME, policy=label("policy")) == DATA_KEY


def test_the_container() -> None:
    made = container()
    assert len(made) == 131_196
    assert hashlib.sha256(made).hexdigest() == "8ce31fe83e6bfb4ede22c39984669f0c2e59934521a41ef6995de0558adab0e4"
    reader = ContainerReader(io.BytesIO(made), DATA_KEY, ContainerId(WHOLE, FILE))
    assert b"".join(map(bytes, reader.read())) == PLAIN
