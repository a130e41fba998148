"""How often forms of people outside are taken at one link.

Source: docs/decisions/0080-forms-from-outside.md, docs/decisions/0007-limits.md
"""

from dataclasses import dataclass

from accounts.visitors import Visitor
from core import throttle
from core.throttle import Limit
from messaging.items.services.visiting import Visit


@dataclass(frozen=True, slots=True)
class Pace:
    """The limits of one kind of form.

    Args:
        forms_per_network: all forms by one link from one network, mistakes included.
        sent_per_network: what may be taken of them.
        sent_per_link: what may be taken by one link whatever the network; None where a link takes one thing only.
    """

    forms_per_network: Limit
    sent_per_network: Limit
    sent_per_link: Limit | None = None

    def are_files_taken(self, visit: Visit, visitor: Visitor) -> bool:
        """Tell whether files of a form are read at all; counts nothing."""
        return throttle.used_up_until(self.forms_per_network, _in_network(visit, visitor)) is None

    def count_form(self, visit: Visit, visitor: Visitor) -> None:
        """Count a form, whatever it holds.

        Raises:
            TooManyRequests: too many came.
        """
        throttle.take(self.forms_per_network, _in_network(visit, visitor))

    def count_sent(self, visit: Visit, visitor: Visitor) -> None:
        """Count what is about to be taken.

        Raises:
            TooManyRequests: too much was; nothing was counted.
        """
        throttle.take_all(self._sent(visit, visitor))

    def give_back(self, visit: Visit, visitor: Visitor) -> None:
        """Undo what was counted as sent and came to nothing."""
        for limit, subject in self._sent(visit, visitor):
            throttle.give_back(limit, subject)

    def _sent(self, visit: Visit, visitor: Visitor) -> list[tuple[Limit, str]]:
        sent = [(self.sent_per_network, _in_network(visit, visitor))]
        if self.sent_per_link is not None:
            sent.append((self.sent_per_link, str(visit.link.pk)))
        return sent


def _in_network(visit: Visit, visitor: Visitor) -> str:
    return f"{visit.link.pk}:{visitor.network}"
