"""How many wrong passwords an account, a browser and a network may cost.

A browser that has signed in before has a budget of its own, so that nobody can lock the owner out for good.
"""

from dataclasses import dataclass
from datetime import datetime

from accounts import limits
from accounts.errors import SignInLocked
from accounts.models import User, fold_email
from accounts.services import known_browsers
from accounts.visitors import Visitor
from core import throttle
from core.errors import TooManyRequests
from core.throttle import Limit

FIRST_WAIT = limits.WRONG_PASSWORD_WAITS[0]


@dataclass(frozen=True, slots=True)
class Budget:
    """One try that was let through: given back when the password is right, spent when it is wrong."""

    limit: Limit
    subject: str
    network: str
    is_known_browser: bool

    def give_back(self) -> None:
        """Undo the try: nothing was compared."""
        throttle.give_back(self.limit, self.subject)
        throttle.give_back(limits.WRONG_PASSWORDS_NETWORK, self.network)

    def spend(self) -> bool:
        """Let the try count, and tell whether it was the one that locks: of several at once only one did."""
        if throttle.used_up_until(self.limit, self.subject) is None:
            return False
        if self.is_known_browser:
            return throttle.count(limits.TOLD_OF_KNOWN_BROWSER_LOCK, self.subject)
        if throttle.used(limits.WRONG_PASSWORDS_AFTER_WAITS, self.subject):
            return False
        return throttle.count(FIRST_WAIT, self.subject)

    def forget(self) -> None:
        """Begin anew: the password was right. The network's budget gets only this try back."""
        throttle.give_back(limits.WRONG_PASSWORDS_NETWORK, self.network)
        for limit in (self.limit, FIRST_WAIT, limits.WRONG_PASSWORDS_AFTER_WAITS, limits.TOLD_OF_KNOWN_BROWSER_LOCK):
            throttle.forget(limit, self.subject)


def take(*, email: str, user: User | None, visitor: Visitor) -> Budget:
    """Take one try for an address, whether an account has it or not.

    Raises:
        SignInLocked: this account and browser, or this network, must wait.
    """
    account = _account(user) if user is not None else f"address:{fold_email(email)}"
    browser = known_browsers.known_browser(user=user, secret=visitor.known_browser) if user is not None else None
    budget = Budget(
        limit=limits.WRONG_PASSWORDS_UNKNOWN_BROWSER if browser is None else limits.WRONG_PASSWORDS_KNOWN_BROWSER,
        subject=account if browser is None else _of_browser(account, browser),
        network=visitor.network,
        is_known_browser=browser is not None,
    )
    _take_network(visitor)
    try:
        _take_own(budget)
    except SignInLocked:
        throttle.give_back(limits.WRONG_PASSWORDS_NETWORK, visitor.network)
        raise
    return budget


def forget_wrong_passwords(*, user: User) -> None:
    """Begin the budgets of an account and of its known browsers anew: a mailed link or support has opened the way."""
    account = _account(user)
    for limit in (limits.WRONG_PASSWORDS_UNKNOWN_BROWSER, FIRST_WAIT, limits.WRONG_PASSWORDS_AFTER_WAITS):
        throttle.forget(limit, account)
    for browser in known_browsers.known_browsers_of(user=user):
        for limit in (limits.WRONG_PASSWORDS_KNOWN_BROWSER, limits.TOLD_OF_KNOWN_BROWSER_LOCK):
            throttle.forget(limit, _of_browser(account, browser))


def _account(user: User) -> str:
    return f"user:{user.pk}"


def _of_browser(account: str, browser: int) -> str:
    return f"{account}|{browser}"


def _take_network(visitor: Visitor) -> None:
    try:
        throttle.take(limits.WRONG_PASSWORDS_NETWORK, visitor.network)
    except TooManyRequests as refusal:
        raise SignInLocked(refusal.until) from None


def _take_own(budget: Budget) -> None:
    waiting_until = throttle.used_up_until(FIRST_WAIT, budget.subject)
    if waiting_until is not None:
        raise SignInLocked(waiting_until)
    try:
        throttle.take(budget.limit, budget.subject)
    except TooManyRequests as refusal:
        _take_after_waiting(budget, refusal.until)


def _take_after_waiting(budget: Budget, window_ends_at: datetime) -> None:
    """Let one try through after each wait; the wait's own row decides which of several it is."""
    if budget.is_known_browser or not throttle.is_over(FIRST_WAIT, budget.subject):
        raise SignInLocked(window_ends_at)
    tries = throttle.used(limits.WRONG_PASSWORDS_AFTER_WAITS, budget.subject)
    next_wait = limits.WRONG_PASSWORD_WAITS[min(tries + 1, len(limits.WRONG_PASSWORD_WAITS) - 1)]
    try:
        throttle.take(next_wait, budget.subject)
    except TooManyRequests as refusal:
        raise SignInLocked(refusal.until) from None
    throttle.count(limits.WRONG_PASSWORDS_AFTER_WAITS, budget.subject)
