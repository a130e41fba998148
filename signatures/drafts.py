"""What the draft of a signature request holds: what was typed, the documents as they are presented, the zones.

Source: docs/decisions/0070-composing-requests.md
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import cast

from messaging.items.services.draft_sealing import OpenDraft
from signatures.papers import Paper
from signatures.pdf.reasons import Flattened
from signatures.typed import Row
from signatures.zones import Zone, without_document, zones_of_json


@dataclass(frozen=True, slots=True)
class KeptPaper:
    """A document of a draft.

    Args:
        size_bytes: of its file.
        flattened: what the file held beside its pages when it came.
    """

    paper: Paper
    size_bytes: int
    flattened: tuple[Flattened, ...] = ()

    def as_json(self) -> dict[str, object]:
        """Return it as JSON values."""
        return self.paper.as_json() | {
            "size_bytes": self.size_bytes,
            "flattened": [each.value for each in self.flattened],
        }

    @classmethod
    def of_json(cls, kept: Mapping[str, object]) -> "KeptPaper":
        """Return what `as_json` wrote."""
        words = cast(Sequence[str], kept["flattened"])
        return cls(Paper.of_json(kept), int(cast(int, kept["size_bytes"])), tuple(map(Flattened, words)))


@dataclass(frozen=True, slots=True)
class Begun:
    """A signature request that is being prepared.

    Args:
        texts: what was typed beside the rows, by the name of its field.
    """

    texts: Mapping[str, str] = field(default_factory=dict, repr=False)
    rows: tuple[Row, ...] = ()
    kept_papers: tuple[KeptPaper, ...] = ()
    zones: tuple[Zone, ...] = ()

    @property
    def papers(self) -> tuple[Paper, ...]:
        """The documents."""
        return tuple(kept.paper for kept in self.kept_papers)

    @property
    def pages(self) -> int:
        """How many pages the documents have together."""
        return sum(len(paper.pages) for paper in self.papers)

    @property
    def size_bytes(self) -> int:
        """How many bytes the documents have together."""
        return sum(kept.size_bytes for kept in self.kept_papers)

    @property
    def keys_with_zones(self) -> frozenset[str]:
        """Keys of the rows of signers for whom zones were placed."""
        return frozenset(self.rows[zone.signer].key for zone in self.zones)

    def as_content(self) -> dict[str, object]:
        """Return what a draft keeps of it, as JSON values."""
        return {
            "texts": dict(self.texts),
            "signers": [row.as_json() for row in self.rows],
            "papers": [kept.as_json() for kept in self.kept_papers],
            "zones": [zone.as_json() for zone in self.zones],
        }

    def with_rows(self, rows: Sequence[Row]) -> "Begun":
        """Return it with other signers; the zones of each go along, those of who was taken off go with them."""
        places = {row.key: place for place, row in enumerate(rows)}
        keys = [row.key for row in self.rows]
        zones = tuple(
            replace(zone, signer=places[keys[zone.signer]]) for zone in self.zones if keys[zone.signer] in places
        )
        return replace(self, rows=tuple(rows), zones=zones)

    def without_papers(self, file_ids: Sequence[str]) -> "Begun":
        """Return it without some documents, and without the zones on them."""
        left = self
        for place in reversed(range(len(self.kept_papers))):
            if self.kept_papers[place].paper.file_id in file_ids:
                papers = (*left.kept_papers[:place], *left.kept_papers[place + 1 :])
                left = replace(left, kept_papers=papers, zones=without_document(left.zones, place))
        return left


def begun_of(draft: OpenDraft | None) -> Begun:
    """Return what a draft holds; nothing where there is none yet."""
    if draft is None:
        return Begun()
    texts, signers = (draft.content.get(name) for name in ("texts", "signers"))
    kept_papers = tuple(map(KeptPaper.of_json, cast(Sequence[Mapping[str, object]], draft.content.get("papers", ()))))
    rows = tuple(Row(**row) for row in cast(Sequence[Mapping[str, str]], signers or ()))
    papers = tuple(kept.paper for kept in kept_papers)
    return Begun(
        texts=cast(Mapping[str, str], texts or {}),
        rows=rows,
        kept_papers=kept_papers,
        zones=zones_of_json(draft.content.get("zones", []), papers=papers, signers=len(rows)),
    )
