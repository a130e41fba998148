"""Documents, signers and zones of signature requests, and strategies that make them."""

import json
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from core.cultures import Habits
from messaging.items.choices import Proof
from signatures.choices import ZoneKind
from signatures.papers import Paper
from signatures.pdf.geometry import Box, PageSize
from signatures.preparation import PlannedSigner, Preparation
from signatures.zones import LEAST_SIZES, Zone

A4 = PageSize(595, 842)
PAPERS = (
    Paper("a" * 32, "Lease.pdf", (A4, PageSize(842, 595)), "1" * 64),
    Paper("b" * 32, "Annex.pdf", (A4,), "2" * 64),
)
SIGNERS = 3
PLACES = ((0, 1), (0, 2), (1, 1))


def zone(zone_id: str = "z1", kind: ZoneKind = ZoneKind.SIGNATURE, **changes: Any) -> Zone:
    """Return a zone on the first page."""
    return replace(Zone(zone_id, 0, 1, Box(100, 200, 180, 60), 0, kind), **changes)


def signer(email: str = "camille@client.example", **changes: Any) -> PlannedSigner:
    """Return somebody who is to sign."""
    return replace(PlannedSigner("Camille Roy", email), **changes)


@st.composite
def some_zones(draw: st.DrawFn) -> tuple[Zone, ...]:
    """Return zones that lie on the pages of `PAPERS`."""
    ids = draw(st.lists(st.from_regex(r"[A-Za-z0-9-]{1,40}", fullmatch=True), unique=True, max_size=6))
    return tuple(draw(_zone(zone_id)) for zone_id in ids)


@st.composite
def _zone(draw: st.DrawFn, zone_id: str) -> Zone:
    document, page = draw(st.sampled_from(PLACES))
    size, kind = PAPERS[document].pages[page - 1], draw(st.sampled_from(ZoneKind))
    least = LEAST_SIZES[kind]
    width, height = draw(st.integers(int(least.width), 300)), draw(st.integers(int(least.height), 200))
    left, top = (draw(st.floats(0, room)) for room in (size.width - width, size.height - height))
    label = draw(st.sampled_from(["", "Purchase order", "Numéro de commande"]))
    box = Box(left, top, float(width), float(height))
    return Zone(zone_id, document, page, box, draw(st.integers(0, SIGNERS - 1)), kind, draw(st.booleans()), label)


@st.composite
def some_signers(draw: st.DrawFn, most: int = 6) -> tuple[PlannedSigner, ...]:
    """Return signers in any order that leaves no number out."""
    count = draw(st.integers(1, most))
    turns = [1]
    for _ in range(count - 1):
        turns.append(turns[-1] + draw(st.integers(0, 1)))
    mixed = draw(st.permutations(turns))
    return tuple(
        PlannedSigner(f"Person {place}", f"p{place}@client.example", "+14165550100", draw(st.sampled_from(
            [Proof.EMAIL_CODE, Proof.SMS_CODE])), draw(st.sampled_from(["en", "fr"])), turn)
        for place, turn in enumerate(mixed)
    )  # fmt: skip


def preparation(**changes: Any) -> Preparation:
    """Return a request that can be sent."""
    usual = Preparation(papers=PAPERS, signers=(signer(),), habits=Habits("fr-CA", "America/Toronto"))
    return replace(usual, **changes)


def write_zones(zones: Iterable[Zone]) -> str:
    """Return the text that a browser sends for zones."""
    return json.dumps([zone.as_json() for zone in zones])
