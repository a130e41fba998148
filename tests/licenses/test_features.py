"""Every feature has a name, a sentence and a lowest plan; who lacks one learns whom to ask."""

import pytest
from django.utils import translation

from licenses.features import DESCRIPTIONS, contact_of, lowest_plans, plan_name
from licenses.models import Feature, Plan
from tests.cast import make_organization, make_staff, make_user

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("feature", Feature)
def test_every_feature_is_described_in_one_sentence(feature: Feature) -> None:
    described = DESCRIPTIONS[feature]
    assert str(described.name)
    sentence = str(described.sentence)
    assert sentence[0].isupper()
    assert sentence.endswith(".")
    assert sentence.count(".") == 1


def test_the_lowest_plan_of_each_feature_is_that_of_the_table() -> None:
    lowest = {feature: plan.code for feature, plan in lowest_plans().items()}
    assert lowest == {
        Feature.ATTACHMENTS: "advanced",
        Feature.ENVELOPES: "advanced",
        Feature.SIGNATURE_REQUESTS: "advanced",
        Feature.SIGNATURE_TRACKING: "pro",
        Feature.RETURN_PROTECTION: "pro",
    }


def test_a_plan_is_named_in_the_language_of_the_page() -> None:
    advanced = Plan.objects.get(code="advanced")
    with translation.override("fr"):
        assert plan_name(advanced) == "Avancé"
    with translation.override("en"):
        assert plan_name(advanced) == "Advanced"
    assert plan_name(None) == ""


def test_a_member_asks_the_administrators_of_the_own_organization_by_name() -> None:
    organization = make_organization()
    for first_name, last_name in (("Zoé", "Able"), ("Ada", "Roy"), ("Ada", "Able")):
        make_user(
            f"{first_name}.{last_name}@demo.example",
            organization=organization,
            is_administrator=True,
            first_name=first_name,
            last_name=last_name,
        )
    contact = contact_of(make_user("member@demo.example", organization=organization))
    assert [user.get_full_name() for user in contact.administrators] == ["Ada Able", "Zoé Able", "Ada Roy"]
    assert not contact.is_administrator


def test_of_many_administrators_a_few_are_named() -> None:
    organization = make_organization()
    for number in range(8):
        make_user(f"admin{number}@demo.example", organization=organization, is_administrator=True)
    assert len(contact_of(make_user("member@demo.example", organization=organization)).administrators) == 5


@pytest.mark.parametrize("is_staff", [False, True])
def test_administrators_and_support_ask_support(is_staff: bool) -> None:
    person = make_staff() if is_staff else make_user("admin@demo.example", is_administrator=True)
    contact = contact_of(person)
    assert contact.administrators == []
    assert contact.is_administrator is not is_staff
