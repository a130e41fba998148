"""Which proofs whoever writes can choose: a code by text message only while the portal sends texts."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from messaging.items.choices import Proof


def proofs_offered(proofs: Iterable[Proof], *, chosen: object, is_texting_off: bool) -> list[Proof]:
    """Return what can be chosen: a code by text message, where there are none, only if it was chosen before.

    Args:
        chosen: what the field holds.
    """
    return [proof for proof in proofs if proof is not Proof.SMS_CODE or not is_texting_off or proof == chosen]


def refuse_text_code(proof: Proof | str, *, is_texting_off: bool) -> None:
    """Refuse a code by text message where there are none.

    Raises:
        ValidationError: with the sentence for whoever chose it.
    """
    if is_texting_off and proof == Proof.SMS_CODE:
        raise ValidationError(_("Text messages are switched off. Choose another proof."))
