"""How many wrong passwords an account, a browser and a network may cost.

A browser that has signed in before has a budget of its own, so that nobody can lock the owner out for good. The others
share five tries; the fifth wrong one begins a series, in which each wait lets one more through. It ends with the right
password, or a day after its last wrong one. Source: docs/decisions/0007-limits.md
"""

from dataclasses import dataclass

from accounts import limits
from accounts.errors import SignInLocked
from accounts.models import User, fold_email
from accounts.services import known_browsers
from accounts.visitors import Visitor
from core import throttle
from core.errors import TooManyRequests
from core.throttle import Limit

FIRST_WAIT = limits.WRONG_PASSWORD_WAITS[0]
SERIES = limits.WRONG_PASSWORDS_AFTER_WAITS
WINDOWS = (limits.WRONG_PASSWORDS_UNKNOWN_BROWSER, limits.WRONG_PASSWORDS_KNOWN_BROWSER)


@dataclass(frozen=True, slots=True)
class Budget:
    """One try that was let through: given back when the password is right, spent when it is wrong.

    Args:
        limit: what the try was taken from: the five or ten of the window, or the wait that it begins.
    """

    limit: Limit
    subject: str
    network: str
    is_known_browser: bool

    @property
    def is_after_wait(self) -> bool:
        """Tell whether a wait let this try through."""
        return self.limit.name == FIRST_WAIT.name

    def give_back(self) -> None:
        """Undo the try: nothing was compared."""
        throttle.give_back(self.limit, self.subject)
        if self.is_after_wait:
            throttle.give_back(SERIES, self.subject)
        throttle.give_back(limits.WRONG_PASSWORDS_NETWORK, self.network)

    def spend(self) -> bool:
        """Let the try count, and tell whether it was the one that locks: of several at once only one did."""
        if self.is_after_wait or throttle.used_up_until(self.limit, self.subject) is None:
            return False
        if self.is_known_browser:
            return throttle.count(limits.TOLD_OF_KNOWN_BROWSER_LOCK, self.subject)
        if not throttle.count(FIRST_WAIT, self.subject):
            return False
        throttle.prolong(SERIES, self.subject)
        return True

    def forget(self) -> None:
        """Begin anew: the password was right. The network's budget gets only this try back."""
        throttle.give_back(limits.WRONG_PASSWORDS_NETWORK, self.network)
        for limit in (*WINDOWS, FIRST_WAIT, SERIES, limits.TOLD_OF_KNOWN_BROWSER_LOCK):
            throttle.forget(limit, self.subject)


def take(*, email: str, user: User | None, visitor: Visitor) -> Budget:
    """Take one try for an address, whether an account has it or not.

    Raises:
        SignInLocked: this account and browser, or this network, must wait.
    """
    account = _account(user) if user is not None else f"address:{fold_email(email)}"
    browser = known_browsers.known_browser(user=user, secret=visitor.known_browser)
    subject = account if browser is None else _of_browser(account, browser)
    _take_network(visitor)
    try:
        limit = _take_of_strangers(subject) if browser is None else _take(limits.WRONG_PASSWORDS_KNOWN_BROWSER, subject)
    except SignInLocked:
        throttle.give_back(limits.WRONG_PASSWORDS_NETWORK, visitor.network)
        raise
    return Budget(limit=limit, subject=subject, network=visitor.network, is_known_browser=browser is not None)


def forget_wrong_passwords(*, user: User) -> None:
    """Begin the budgets of an account and of its known browsers anew: a mailed link or support has opened the way."""
    account = _account(user)
    for limit in (limits.WRONG_PASSWORDS_UNKNOWN_BROWSER, FIRST_WAIT, SERIES):
        throttle.forget(limit, account)
    for browser in known_browsers.known_browsers_of(user=user):
        for limit in (limits.WRONG_PASSWORDS_KNOWN_BROWSER, limits.TOLD_OF_KNOWN_BROWSER_LOCK):
            throttle.forget(limit, _of_browser(account, browser))


def _account(user: User) -> str:
    return f"user:{user.pk}"


def _of_browser(account: str, browser: int) -> str:
    return f"{account}|{browser}"


def _take_network(visitor: Visitor) -> None:
    _take(limits.WRONG_PASSWORDS_NETWORK, visitor.network)


def _take_of_strangers(subject: str) -> Limit:
    """Take one of the five, or in a series the one that the end of a wait lets through; it begins the next wait."""
    waits = throttle.used(SERIES, subject)
    if not waits:
        return _take(limits.WRONG_PASSWORDS_UNKNOWN_BROWSER, subject)
    # The waits share one row, and that row decides which of several at once it is.
    wait = _take(limits.WRONG_PASSWORD_WAITS[min(waits, len(limits.WRONG_PASSWORD_WAITS) - 1)], subject)
    throttle.prolong(SERIES, subject)
    return wait


def _take(limit: Limit, subject: str) -> Limit:
    try:
        throttle.take(limit, subject)
    except TooManyRequests as refusal:
        raise SignInLocked(refusal.until) from None
    return limit
