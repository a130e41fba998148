"""The support pages that stop texts and let them go on, and who is told of a country that stopped by itself.

Source: docs/decisions/0026-text-message-switch.md
"""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.admin import display
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.services.support import Change, SupportAct
from accounts.support_forms import SupportForm
from accounts.support_pages import SupportPage
from core.cultures.naming import alphabetical
from core.forms import CHOICE_MESSAGES, offer
from core.mail import send_mail
from core.models.sms import CountryStop, TextSwitch
from core.sms.errors import country_name, country_names
from core.sms.limits import COUNTRY_WATCHED_SECONDS
from core.sms.stops import let_go_on
from core.sms.switch import THE_ROW, turn_texts
from core.templatetags.cultures import instant


def _names(regions: Iterable[str]) -> str:
    return country_names(regions) or pgettext("value", "none")


# Whoever reads the names later reads them in the language of that moment.
countries_in_words = lazy(_names, str)


def tell_staff(stop: CountryStop) -> None:
    """Mail every active member of support that a country has stopped, with the numbers and what to do."""
    page = reverse("admin:core_countrystop_change", args=[stop.pk])
    for member in User.objects.filter(is_staff=True, is_active=True).order_by("pk"):
        send_mail(
            to=member.email,
            template="portal/emails/country_stopped",
            context={
                "person_name": member.get_full_name(),
                "at": stop.began_at,
                "country": countries_in_words([stop.region]),
                "sent": stop.sent,
                "confirmed": stop.confirmed,
                "watched_minutes": COUNTRY_WATCHED_SECONDS // 60,
                "link": f"{settings.PUBLIC_URL}{page}",
            },
            language=member.language,
            habits=member.habits,
        )


class TextForm(SupportForm):
    """A form about texts: no customer is told, so the reason stays in the history."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = _("It stays in the history.")


class TextSwitchForm(TextForm):
    """All texts, or those to some countries, off or on again."""

    regions_off = forms.MultipleChoiceField(
        label=_("Countries switched off"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages=CHOICE_MESSAGES | {"invalid_list": CHOICE_MESSAGES["invalid_choice"]},
        help_text=_("No text goes to a number of these countries."),
    )

    class Meta:
        model = TextSwitch
        fields = ("is_off", "regions_off")
        labels = {"is_off": _("All text messages are switched off")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A country that is no longer served stays in the list as long as it is switched off, so that nothing is lost.
        regions = settings.SMS_COUNTRIES.union(self.instance.regions_off)
        named = ((region, country_name(region)) for region in regions)
        choices = sorted(named, key=lambda choice: alphabetical(choice[1]))
        offer(self, "regions_off", choices)

    def change_of(self, name: str) -> Change:
        """Tell countries by their names."""
        if name != "regions_off":
            return super().change_of(name)
        old, new = self.initial.get(name, []), self.cleaned_data.get(name, [])
        return Change(_("Countries switched off"), countries_in_words(old), countries_in_words(new))


class CountryStopForm(TextForm):
    """Why a country that stopped by itself goes on."""

    class Meta:
        model = CountryStop
        fields = ()

    def changes(self) -> list[Change]:
        """Return the one thing that this page changes."""
        country = countries_in_words([self.instance.region])
        return [Change(country, pgettext_lazy("country", "stopped"), pgettext_lazy("country", "goes on"))]


@admin.register(TextSwitch)
class TextSwitchPage(SupportPage):
    """The one row about all texts: its list is the row itself."""

    form = TextSwitchForm
    fieldsets = (
        (
            None,
            {
                "fields": ("is_off", "regions_off"),
                "description": _(
                    "A change counts within a minute, without a restart. Texts that were not handed over yet are given"
                    " up and are not sent later; people sign in with a recovery code meanwhile. So do you: have one"
                    " at hand."
                ),
            },
        ),
        (_("Why"), {"fields": ("reason",)}),
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        """There is one row, and it is there."""
        return False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Lead to the row."""
        return HttpResponseRedirect(reverse("admin:core_textswitch_change", args=[THE_ROW]))

    def keep(self, row: TextSwitch, form: SupportForm, act: SupportAct) -> None:
        """Switch."""
        wanted: dict[str, Any] = {**form.present, **form.changed_values()}
        turn_texts(is_off=wanted["is_off"], regions_off=wanted["regions_off"])


@admin.register(CountryStop)
class CountryStopPage(SupportPage):
    """Countries that stopped by themselves, and the button that lets one go on."""

    form = CountryStopForm
    list_display = ("country", "began", "sent", "confirmed", "ended")
    ordering = ("-began_at", "-id")
    sortable_by = ()
    readonly_fields = ("country", "began", "sent", "confirmed", "ended")
    facts = (None, {"fields": readonly_fields})

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A country stops by itself; the switch is another page."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: CountryStop | None = None) -> bool:
        """Offer the button as long as the stop stands."""
        return super().has_change_permission(request, obj) and (obj is None or obj.ended_at is None)

    def get_fieldsets(self, request: HttpRequest, obj: CountryStop | None = None) -> Any:
        """Ask for a reason where there is something to do."""
        if not self.has_change_permission(request, obj):
            return (self.facts,)
        todo = _(
            "Too few of the codes sent to this country were typed: somebody may be earning money with texts to numbers"
            " there. Look at who asks for them. It goes on by itself when the last hour is better."
        )
        return ((None, {**self.facts[1], "description": todo}), (_("Why it may go on"), {"fields": ("reason",)}))

    def keep(self, row: CountryStop, form: SupportForm, act: SupportAct) -> None:
        """Let the country go on."""
        let_go_on(stop=row)

    @display(description=_("Country"))
    def country(self, stop: CountryStop) -> str:
        """Return the country's name."""
        return country_name(stop.region)

    @display(description=_("Stopped"))
    def began(self, stop: CountryStop) -> SafeString:
        """Return since when."""
        return instant(stop.began_at)

    @display(description=_("Goes on since"))
    def ended(self, stop: CountryStop) -> SafeString | str:
        """Return when it went on, and whether somebody of support let it."""
        if stop.ended_at is None:
            return gettext("still stopped")
        how = gettext("let go on by support") if stop.is_let_go_on else gettext("by itself")
        return format_html("{} ({})", instant(stop.ended_at), how)
