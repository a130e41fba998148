"""Where people read what came back: the app that draws those pages says so when it is ready."""

from django.conf import settings
from django.urls import reverse

from messaging.items.choices import ReturnKind
from messaging.items.models import Item, Return

_url_names: dict[str, str] = {}


def register_inbox(*, all_url_name: str, one_url_name: str) -> None:
    """Make the pages known; called by the app that has them.

    Args:
        all_url_name: of the list.
        one_url_name: of the page of one return, which takes its `whole_id`.
    """
    _url_names.update(all=all_url_name, one=one_url_name)


def inbox_link() -> str:
    """Return the whole address of the list, for a mail."""
    return f"{settings.PUBLIC_URL}{reverse(_url_names['all'])}"


def return_url(returned: Return) -> str:
    """Return the address of the page of one return."""
    return reverse(_url_names["one"], args=[returned.whole_id])


def kinds_kept(item: Item) -> set[ReturnKind]:
    """Return the kinds of what came back to an item and is kept there: it does not go with the item."""
    return set(map(ReturnKind, Return.objects.filter(item=item, shredded_at=None).values_list("kind", flat=True)))
