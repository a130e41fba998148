"""What a signer agrees to, word for word; it stands beside the box they check and on the certificate of completion."""

from django.utils.translation import gettext_lazy as _

CONSENT = (
    _("I agree to sign these documents electronically. My electronic signature stands for my handwritten one."),
    _("I have read the documents that are shown here. I may decline, and ask for them on paper instead."),
    _(
        "The portal keeps when I opened and signed the documents, from which network address, and how I proved who I"
        " am. It stands on the certificate that everybody who signs receives."
    ),
)
