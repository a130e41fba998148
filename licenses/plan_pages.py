"""The support page of a plan: what it allows, and what it costs.

Source: docs/decisions/0015-support-pages.md
"""

from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin import display
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.services.support import SupportAct, in_words
from accounts.support_forms import SupportForm
from accounts.support_pages import SupportPage
from core.forms import CHOICE_MESSAGES, TEXT_MESSAGES, PersonNameField, WholeNumberField
from licenses.limits import NAME_MOST_CHARACTERS, PERIOD_MOST, PLAN_RANGES
from licenses.models import Plan
from licenses.services.support import PLAN_FIELDS, add_plan, change_plan


class PlanForm(SupportForm):
    """Names, limits and price of a plan. Zero means: not included."""

    name_en = PersonNameField(label=_("Name in English"), most_characters=NAME_MOST_CHARACTERS)
    name_fr = PersonNameField(label=_("Name in French"), most_characters=NAME_MOST_CHARACTERS)

    class Meta:
        model = Plan
        error_messages: ClassVar = {
            "code": {
                **TEXT_MESSAGES,
                "invalid": _("Type letters, digits, hyphens and underscores alone."),
                "unique": _("Another plan has this code. Type another one."),
            },
            "period_unit": CHOICE_MESSAGES,
        }
        help_texts: ClassVar = {
            "code": _("A short word for programs. It cannot be changed once there is a license of this plan."),
            "rank": _("Its place in the lists, and no other plan's: one with more has a higher rank."),
        }
        fields = PLAN_FIELDS
        labels = {
            "code": _("Code"),
            "rank": _("Rank"),
            "period_length": _("Length of a period"),
            "period_unit": _("Unit of the period"),
            "is_renewed": _("Renews by itself"),
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
            self.fields[name] = WholeNumberField(
                least=least,
                most=most,
                label=drawn.label,
                initial=drawn.initial,
                widget=drawn.widget,
                help_text=drawn.help_text,
            )
        self.fields["rank"].error_messages["unique"] = _("Another plan has this rank. Type another one.")
        self.fields["reason"].help_text = _("It stays in the history of this plan.")

    def clean(self) -> dict[str, Any]:
        """Refuse a period that is longer than its unit allows."""
        cleaned = super().clean()
        most = PERIOD_MOST.get(str(cleaned.get("period_unit")))
        if most is not None and cleaned.get("period_length", 0) > most:
            self.add_error("period_length", _("A period has at most 366 days, 120 months or 10 years. Type fewer."))
        return cleaned


@admin.register(Plan)
class PlanPage(SupportPage):
    """Plans: what each allows, and what it costs."""

    form = PlanForm
    list_display = ("code", "name_en", "name_fr", "messages_per_month", "price_cents", "offered")
    ordering = ("rank",)
    fieldsets = (
        (None, {"fields": PlanForm.Meta.fields[:6]}),
        (_("Limits"), {"fields": PlanForm.Meta.fields[6:-3]}),
        (_("Period"), {"fields": PlanForm.Meta.fields[-3:]}),
        (_("Why"), {"fields": ("reason",)}),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Plan | None = None) -> tuple[str, ...]:
        """Fix the code once there is a license: whatever names the plan by it goes on meaning this one."""
        return ("code",) if obj is not None and obj.licenses.exists() else ()

    def keep(self, row: Plan, form: SupportForm, act: SupportAct) -> None:
        """Keep what was changed about a plan, or add one."""
        if not row._state.adding:
            change_plan(plan=row, values=form.changed_values())
            return
        row.pk = add_plan(values=form.cleaned_data).pk

    @display(description=_("Offered"), ordering="is_offered")
    def offered(self, plan: Plan) -> str:
        """Tell in a word whether it is on offer."""
        return in_words(plan.is_offered)
