"""The rules of a password: its length, and what everybody would guess.

Source: NIST SP 800-63B section 5.1.1.2; docs/decisions/0002-user-model.md, docs/decisions/0023-stolen-passwords.md
"""

from string import digits, punctuation, whitespace

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.functional import lazy
from django.utils.translation import gettext as _

from accounts.limits import PASSWORD_LEAST_CHARACTERS, PASSWORD_MOST_CHARACTERS
from accounts.models import User, fold_email
from accounts.stolen_passwords import fold, stolen_passwords

NAME_LEAST_CHARACTERS = 5
# What people put around a word to make it long enough.
PADDING = digits + punctuation + whitespace


class LengthValidator:
    """Long enough to withstand guessing, short enough to be hashed."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Refuse a password that is too short or too long."""
        if len(password) < PASSWORD_LEAST_CHARACTERS:
            raise ValidationError(
                _("This password has %(count)d characters. It needs at least %(least)d; a short sentence works well.")
                % {"count": len(password), "least": PASSWORD_LEAST_CHARACTERS}
            )
        if len(password) > PASSWORD_MOST_CHARACTERS:
            raise ValidationError(
                _("This password is too long. It may have up to %(most)d characters.")
                % {"most": PASSWORD_MOST_CHARACTERS}
            )

    def get_help_text(self) -> str:
        """Say the rule before it bites."""
        return _("At least %(least)d characters. A short sentence works well.") % {"least": PASSWORD_LEAST_CHARACTERS}


# Said anew at each drawing of a form: filled in while the form's module loads, it would stay English.
length_in_words = lazy(LengthValidator().get_help_text, str)


class CommonPasswordValidator:
    """Refuse what is in lists of stolen passwords, also when it is only written twice or padded with digits."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Refuse a password that others have used."""
        folded = fold(password)
        bare = {folded, folded.lstrip(PADDING), folded.rstrip(PADDING), folded.strip(PADDING)}
        if any(text in stolen_passwords() for text in bare | {_unit_of(text) for text in bare}):
            raise ValidationError(_("This password is in lists of stolen passwords. Choose words of your own."))

    def get_help_text(self) -> str:
        """Say the rule before it bites."""
        return _("Not one from a list of stolen passwords.")


class OwnNamesValidator:
    """Refuse what an attacker tries first: the person's, the organization's and the portal's names."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Refuse a password that contains a name anybody can look up."""
        folded = "".join(password.casefold().split())
        if any(name in folded for name in _guessable_names(user)):
            raise ValidationError(
                _("This password holds your name, your organization's or the portal's. Choose other words.")
            )

    def get_help_text(self) -> str:
        """Say the rule before it bites."""
        return _("Without your name, your organization's or the portal's.")


def _unit_of(text: str) -> str:
    """Return the shortest piece that repeated gives the text."""
    for length in range(1, len(text) // 2 + 1):
        if len(text) % length == 0 and text[:length] * (len(text) // length) == text:
            return text[:length]
    return text


def _guessable_names(user: User | None) -> list[str]:
    names = [settings.PORTAL_NAME]
    if user is not None:
        names += [user.first_name, user.last_name, fold_email(user.email).partition("@")[0]]
        names += [user.organization.name] if user.organization is not None else []
    folded = ["".join(name.casefold().split()) for name in names]
    return [name for name in folded if len(name) >= NAME_LEAST_CHARACTERS]
