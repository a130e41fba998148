"""Whose turn it is to sign: each number waits until all with lower ones are done."""

from collections.abc import Sequence, Set

from signatures.preparation import PlannedSigner


def whose_turn(signers: Sequence[PlannedSigner], done: Set[int]) -> tuple[int, ...]:
    """Return the places of those who may sign now, from 0; nobody once all are done.

    Args:
        done: places of those who have signed.
    """
    waiting = [place for place in range(len(signers)) if place not in done]
    now = min((signers[place].turn for place in waiting), default=None)
    return tuple(place for place in waiting if signers[place].turn == now)
