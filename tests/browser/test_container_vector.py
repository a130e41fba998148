"""The golden vector in WebCrypto: what the portal seals, a browser could open."""

import base64
import hashlib

from demo_portal import DemoPortal
from playwright.sync_api import Page

from tests.core.crypto.test_vector import AUTH, CHUNK, COMMITMENT, PLAIN, WRAP, container, label

PROGRAM = """
async ({ container, wrap, nonce, chunk, labels }) => {
  const bytes = (text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  const hex = (data) => Array.from(new Uint8Array(data), (byte) => byte.toString(16).padStart(2, "0")).join("");
  const join = (...parts) => new Uint8Array(parts.flatMap((part) => Array.from(part)));
  const name = (text) => new TextEncoder().encode(text);
  const given = Object.fromEntries(Object.entries(labels).map(([key, text]) => [key, bytes(text)]));
  const id = (key) => given[key].slice(0, 16);

  const expand = async (key, salt, info) => {
    const material = await crypto.subtle.importKey("raw", key, "HKDF", false, ["deriveBits"]);
    return crypto.subtle.deriveBits({ name: "HKDF", hash: "SHA-256", salt, info }, material, 256);
  };
  const open = async (key, iv, data, additionalData) => {
    const cipher = await crypto.subtle.importKey("raw", key, "AES-GCM", false, ["decrypt"]);
    return new Uint8Array(await crypto.subtle.decrypt({ name: "AES-GCM", iv, additionalData }, cipher, data));
  };

  const auth = await expand(given.link, given.lsalt, join(name("sx1 auth"), id("loc")));
  const wrapInfo = join(name("sx1 wrap"), id("loc"), id("r"), given.policy);
  const wrapKey = await expand(join(given.link, given.gate), given.lsalt, wrapInfo);
  const dataKey = await open(wrapKey, bytes(nonce), bytes(wrap), join(name("sx1 dk"), id("m"), id("r")));
  const commitment = await expand(dataKey, new Uint8Array(), join(name("sx1 commit"), id("m")));

  const sealed = bytes(container);
  const header = sealed.slice(0, 72);
  const fileKey = await expand(dataKey, header.slice(40), join(name("sx1 file"), id("m"), id("f")));
  const pieces = [];
  const count = Math.ceil((sealed.length - 72) / (chunk + 16));
  for (let index = 0; index < count; index += 1) {
    const iv = new Uint8Array(12);
    new DataView(iv.buffer).setUint32(7, index);
    iv[11] = index === count - 1 ? 1 : 0;
    const begins = 72 + index * (chunk + 16);
    pieces.push(await open(fileKey, iv, sealed.slice(begins, begins + chunk + 16), header));
  }
  const digest = await crypto.subtle.digest("SHA-256", await new Blob(pieces).arrayBuffer());
  return { auth: hex(auth), commitment: hex(commitment), dataKey: hex(dataKey), plain: hex(digest) };
}
"""


def test_statement_110_webcrypto_opens_the_golden_vector(page: Page, portal: DemoPortal) -> None:
    page.goto(f"{portal.address}/sign-in/")
    names = ("link", "gate", "m", "f", "loc", "r", "lsalt", "policy")
    given = {
        "container": base64.b64encode(container()).decode(),
        "wrap": base64.b64encode(bytes.fromhex(WRAP)).decode(),
        "nonce": base64.b64encode(label("nonce")[:12]).decode(),
        "chunk": CHUNK,
        "labels": {name: base64.b64encode(label(name)).decode() for name in names},
    }
    assert page.evaluate(PROGRAM, given) == {
        "auth": AUTH,
        "commitment": COMMITMENT,
        "dataKey": label("dk").hex(),
        "plain": hashlib.sha256(PLAIN).hexdigest(),
    }
