"""The support page of a plan: what it allows, and what it costs.

Source: docs/decisions/0015-support-pages.md
"""

from typing import Any

from django.contrib import admin
from django.contrib.admin import display
from django.utils.translation import gettext_lazy as _

from accounts.services.support import SupportAct, in_words
from accounts.support_forms import SupportForm
from accounts.support_pages import SupportPage
from core.forms import PersonNameField, WholeNumberField
from licenses.limits import NAME_MOST_CHARACTERS, PLAN_RANGES
from licenses.models import Plan
from licenses.services.support import change_plan


class PlanForm(SupportForm):
    """Names, limits and price of a plan. Zero means: not included."""

    name_en = PersonNameField(label=_("Name in English"), most_characters=NAME_MOST_CHARACTERS)
    name_fr = PersonNameField(label=_("Name in French"), most_characters=NAME_MOST_CHARACTERS)

    class Meta:
        model = Plan
        fields = (
            "name_en",
            "name_fr",
            "is_offered",
            "price_cents",
            "messages_per_month",
            "is_shown_as_unlimited",
            "attachments_bytes",
            "files_per_send",
            "recipients_per_message",
            "open_envelopes",
            "signers_per_request",
            "has_signature_tracking",
            "has_return_protection",
            "longest_life_days",
            "stored_bytes",
            "sends_per_hour",
            "recipients_per_hour",
        )
        labels = {
            "is_offered": _("Offered"),
            "price_cents": _("Price of a period, in cents"),
            "messages_per_month": _("Messages a month"),
            "is_shown_as_unlimited": _("Shown as unlimited, with a preventive limit"),
            "attachments_bytes": _("Attachments of one send, in bytes"),
            "files_per_send": _("Files of one send"),
            "recipients_per_message": _("Recipients of one message"),
            "open_envelopes": _("Envelopes open at a time"),
            "signers_per_request": _("Signers of one request"),
            "has_signature_tracking": _("Signature tracking"),
            "has_return_protection": _("Return protection"),
            "longest_life_days": _("Longest life of an item, in days"),
            "stored_bytes": _("Stored content of a person, in bytes"),
            "sends_per_hour": _("Sends an hour"),
            "recipients_per_hour": _("Recipients an hour"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, (least, most) in PLAN_RANGES.items():
            drawn = self.fields[name]
            self.fields[name] = WholeNumberField(least=least, most=most, label=drawn.label, widget=drawn.widget)
        self.fields["reason"].help_text = _("It stays in the history of this plan.")


@admin.register(Plan)
class PlanPage(SupportPage):
    """Plans: what each allows, and what it costs."""

    form = PlanForm
    list_display = ("code", "name_en", "name_fr", "messages_per_month", "price_cents", "offered")
    ordering = ("rank",)
    readonly_fields = ("code", "rank", "period_length", "period_unit", "renewed")
    fieldsets = (
        (None, {"fields": ("code", "rank", "name_en", "name_fr", "is_offered", "price_cents")}),
        (_("Limits"), {"fields": PlanForm.Meta.fields[4:]}),
        (_("Period"), {"fields": ("period_length", "period_unit", "renewed")}),
        (_("Why"), {"fields": ("reason",)}),
    )

    def keep(self, row: Plan, form: SupportForm, act: SupportAct) -> None:
        """Keep what was changed about a plan."""
        change_plan(plan=row, values=form.changed_values())

    @display(description=_("Offered"), ordering="is_offered")
    def offered(self, plan: Plan) -> str:
        """Tell in a word whether it is on offer."""
        return in_words(plan.is_offered)

    @display(description=_("Renews by itself"))
    def renewed(self, plan: Plan) -> str:
        """Tell in a word whether a period begins by itself after the last one."""
        return in_words(plan.is_renewed)
