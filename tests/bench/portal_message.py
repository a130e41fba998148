"""Send a message whose link opens without a proof: `python -m tests.bench.portal_message`.

What a browser needs to open it lies in the data directory, which is the benchmark's own and ends with it.
"""

import os
from pathlib import Path

from tests.bench.browser import Browser

EMAIL = "sender@demo.example"
LINK, STEPS = "link.txt", ("link", "link_proof", "message_read")
TEXT = "Dear Ms. Roy,\n\nthe draft of the deed is ready; please read it before our appointment on Tuesday.\n\n" * 12


def main() -> None:
    """Make the sender and the message."""
    import django

    django.setup()
    from django.urls import reverse

    from messaging.items.choices import Proof
    from messaging.items.services.creating import Person
    from messaging.items.services.links import to_text
    from tests.cast import make_user
    from tests.messaging.outside.making import send_message

    sender = make_user(EMAIL, plan="pro")
    sent = send_message(sender, [Person(email="zoe@outside.example", proof=Proof.NONE)], subject="The deed", body=TEXT)
    (made,) = sent.links
    steps = [reverse(f"messages:{step}", args=[to_text(bytes(made.link.locator))]) for step in STEPS]
    Path(os.environ["PORTAL_DATA_DIR"], LINK).write_text(
        "\n".join([*steps, to_text(made.secret.reveal())]), encoding="ascii"
    )


def opened_message(port: int, folder: Path) -> tuple[Browser, str, str]:
    """Open the message in a browser of its own; return it with the paths of the link's page and of the message."""
    link, proof, message, secret = (folder / LINK).read_text(encoding="ascii").splitlines()
    browser = Browser(port)
    browser.fill_in(link, {"link": secret})
    browser.fill_in(proof, {})
    return browser, link, message


if __name__ == "__main__":
    main()
