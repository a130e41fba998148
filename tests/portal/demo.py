"""How the tests of the demo load it, and ask it."""

from io import StringIO

from django.core.management import call_command

from accounts.models import User

# As little as shows each fate.
FEW = 9
A_WHOLE_YEAR = 10_000


def load(*arguments: str, items: int = FEW) -> str:
    """Call the command and return what it printed.

    Args:
        items: that people sent at most.
    """
    out = StringIO()
    call_command("load_demo_data", *arguments, "--items", str(items), stdout=out)
    return out.getvalue()


def accounts() -> str:
    """Return the list of demo accounts as printed."""
    out = StringIO()
    call_command("demo_accounts", stdout=out)
    return out.getvalue()


def person(email: str) -> User:
    """Return somebody of the demo."""
    user = User.objects.with_email(email)
    assert user is not None
    return user
