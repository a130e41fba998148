"""Lead somebody of support to acts that few customers need, and to forms that were refused.

The pictures and the accessibility test walk the same steps, in either language and as often as they like.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from demo_portal import DemoPortal
from page_steps import open_record, run_command
from playwright.sync_api import Page

NO_NAME = {"first_name": "", "last_name": ""}
NO_NUMBERS = {"name_fr": "", "price_cents": "-5", "messages_per_month": "many"}
UNTIL_YESTERDAY_FOR_NOBODY = {"holder_email": "nobody@demo.example", "last_day": "2001-01-01"}


@dataclass(frozen=True, slots=True)
class RefusedForm:
    """A form of support that is sent as it must not be; none gives a reason.

    Args:
        path: below the address of the record where it does not begin at the root.
        typed: what is written into fields.
    """

    path: str
    typed: Mapping[str, str] = field(default_factory=dict)


REFUSED_FORMS = {
    "support-open-refused": RefusedForm("open/", {"ticket": "call her back!"}),
    "support-record-refused": RefusedForm("change/", NO_NAME),
    "support-unlock-refused": RefusedForm("unlock/"),
    "support-organization-refused": RefusedForm("/admin/accounts/organization/1/change/", {"name": ""}),
    "support-license-add-refused": RefusedForm("/admin/licenses/license/add/", {"holder_email": "nobody"}),
    "support-plan-refused": RefusedForm("/admin/licenses/plan/1/change/", NO_NUMBERS),
    "support-text-switch-refused": RefusedForm("/admin/core/textswitch/1/change/"),
}


def support_samples(portal: DemoPortal) -> dict[str, str]:
    """Make the sample cases in the portal's data, and return the addresses of the customers by name."""
    samples: dict[str, str] = json.loads(run_command(portal, "demo_support"))
    return samples


def open_samples(page: Page, portal: DemoPortal, samples: Mapping[str, str]) -> dict[str, str]:
    """Open the record of each sample customer with a ticket, and return the addresses of the records by name."""
    return {name: open_record(page, portal, email) for name, email in samples.items()}


def prove_again(page: Page, portal: DemoPortal) -> None:
    """Give the password once more: it counts for a quarter of an hour, and each change asks for it."""
    page.goto(f"{portal.address}/account/security/confirm/")
    page.locator("main [name=password]").fill(portal.password)
    page.locator("main [name=password]").press("Enter")
    page.wait_for_url("**/account/")


def forms_refused(page: Page, portal: DemoPortal, record: str) -> Iterator[str]:
    """Send each form of support wrong; the license is the one of the record."""
    for name, form in REFUSED_FORMS.items():
        page.goto((portal.address if form.path.startswith("/") else record) + form.path)
        refuse(page, form.typed)
        yield name
    page.goto(f"{record}change/")
    page.locator(".object-tools a[href*='/licenses/license/']").click()
    page.wait_for_url("**/licenses/license/**")
    refuse(page, UNTIL_YESTERDAY_FOR_NOBODY)
    yield "support-license-refused"


def rare_acts(page: Page, records: Mapping[str, str]) -> Iterator[str]:
    """Come to the acts for somebody without a first password and for somebody with 2FA, and give no reason."""
    for name, who, act in (
        ("support-first-link", "newcomer", "first-link"),
        ("support-two-factor-reset", "guarded", "reset-two-factor"),
    ):
        page.goto(f"{records[who]}{act}/")
        yield name
        refuse(page, {})
        yield f"{name}-refused"


def country_stopped(page: Page, portal: DemoPortal) -> Iterator[str]:
    """Come to a country that has stopped, and let it go on without a reason."""
    page.goto(f"{portal.address}/admin/core/countrystop/")
    page.locator("#result_list a").first.click()
    page.wait_for_url("**/change/")
    stop = page.url
    yield "support-stopped-country"
    refuse(page, {})
    yield "support-stopped-country-refused"
    page.goto(stop.replace("/change/", "/history/"))
    yield "support-stopped-country-history"


def refuse(page: Page, typed: Mapping[str, str]) -> None:
    """Type into the form that is shown, send it, and wait for what it says."""
    for name, value in typed.items():
        place = page.locator(f"#content [name={name}]")
        # A browser lets nobody type letters into a number, but whoever pastes or scripts sends them.
        if place.get_attribute("type") == "number":
            place.evaluate("place => place.type = 'text'")
        place.fill(value)
    page.locator("#content .submit-row .default").click()
    page.locator(".errorlist").first.wait_for()
