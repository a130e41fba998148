"""Why a document cannot be signed: a sentence for each reason, in both languages."""

import pytest
from django.utils.translation import override

from signatures.errors import DocumentBusy, DocumentRefused
from signatures.pdf.limits import PAGES_MOST
from signatures.pdf.reasons import Reason


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_reason_has_a_sentence_of_its_own(language: str) -> None:
    with override(language):
        sentences = [str(DocumentRefused(reason)) for reason in Reason] + [str(DocumentBusy())]
    assert len(set(sentences)) == len(Reason) + 1
    assert all(sentence.endswith(".") for sentence in sentences)


def test_french_is_french() -> None:
    for reason in Reason:
        with override("en"):
            english = str(DocumentRefused(reason))
        with override("fr"):
            assert str(DocumentRefused(reason)) != english


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_number_of_pages_is_the_one_that_holds(language: str) -> None:
    with override(language):
        assert f" {PAGES_MOST} " in str(DocumentRefused(Reason.TOO_MANY_PAGES))
