"""How ten cultures write instants: one table, read by eye once, that no release of CLDR may change unseen.

"~" stands for the no-break space, so that a reader of the table sees it.
"""

from datetime import datetime

import pytest

from core.cultures import Habits, format_date, format_instant, format_number, format_time

# The second to ninth instants stand on both sides of the four changes of clocks of 2026.
INSTANTS = (
    ("America/Toronto", "2026-11-21T15:30:00Z"),
    ("America/Toronto", "2026-03-08T06:59:00Z"),
    ("America/Toronto", "2026-03-08T07:00:00Z"),
    ("America/Toronto", "2026-11-01T05:59:00Z"),
    ("America/Toronto", "2026-11-01T06:00:00Z"),
    ("Europe/Paris", "2026-03-29T00:59:00Z"),
    ("Europe/Paris", "2026-03-29T01:00:00Z"),
    ("Europe/Paris", "2026-10-25T00:59:00Z"),
    ("Europe/Paris", "2026-10-25T01:00:00Z"),
    ("UTC", "2026-12-31T23:59:00Z"),
    ("Asia/Kolkata", "2026-12-31T23:59:00Z"),
)
WRITTEN = {
    "fr-CA": (
        "21 novembre 2026, 10~h~30",
        "8 mars 2026, 1~h~59",
        "8 mars 2026, 3~h~00",
        "1er novembre 2026, 1~h~59",
        "1er novembre 2026, 1~h~00",
        "29 mars 2026, 1~h~59",
        "29 mars 2026, 3~h~00",
        "25 octobre 2026, 2~h~59",
        "25 octobre 2026, 2~h~00",
        "31 décembre 2026, 23~h~59",
        "1er janvier 2027, 5~h~29",
    ),
    "en-CA": (
        "November 21, 2026, 10:30~a.m.",
        "March 8, 2026, 1:59~a.m.",
        "March 8, 2026, 3:00~a.m.",
        "November 1, 2026, 1:59~a.m.",
        "November 1, 2026, 1:00~a.m.",
        "March 29, 2026, 1:59~a.m.",
        "March 29, 2026, 3:00~a.m.",
        "October 25, 2026, 2:59~a.m.",
        "October 25, 2026, 2:00~a.m.",
        "December 31, 2026, 11:59~p.m.",
        "January 1, 2027, 5:29~a.m.",
    ),
    "fr-FR": (
        "21 novembre 2026, 10:30",
        "8 mars 2026, 01:59",
        "8 mars 2026, 03:00",
        "1er novembre 2026, 01:59",
        "1er novembre 2026, 01:00",
        "29 mars 2026, 01:59",
        "29 mars 2026, 03:00",
        "25 octobre 2026, 02:59",
        "25 octobre 2026, 02:00",
        "31 décembre 2026, 23:59",
        "1er janvier 2027, 05:29",
    ),
    "en-US": (
        "November 21, 2026, 10:30~AM",
        "March 8, 2026, 1:59~AM",
        "March 8, 2026, 3:00~AM",
        "November 1, 2026, 1:59~AM",
        "November 1, 2026, 1:00~AM",
        "March 29, 2026, 1:59~AM",
        "March 29, 2026, 3:00~AM",
        "October 25, 2026, 2:59~AM",
        "October 25, 2026, 2:00~AM",
        "December 31, 2026, 11:59~PM",
        "January 1, 2027, 5:29~AM",
    ),
    "en-GB": (
        "21 November 2026, 10:30",
        "8 March 2026, 01:59",
        "8 March 2026, 03:00",
        "1 November 2026, 01:59",
        "1 November 2026, 01:00",
        "29 March 2026, 01:59",
        "29 March 2026, 03:00",
        "25 October 2026, 02:59",
        "25 October 2026, 02:00",
        "31 December 2026, 23:59",
        "1 January 2027, 05:29",
    ),
    "de-CH": (
        "21. November 2026, 10:30",
        "8. März 2026, 01:59",
        "8. März 2026, 03:00",
        "1. November 2026, 01:59",
        "1. November 2026, 01:00",
        "29. März 2026, 01:59",
        "29. März 2026, 03:00",
        "25. Oktober 2026, 02:59",
        "25. Oktober 2026, 02:00",
        "31. Dezember 2026, 23:59",
        "1. Januar 2027, 05:29",
    ),
    "ja-JP": (
        "2026年11月21日 10:30",
        "2026年3月8日 1:59",
        "2026年3月8日 3:00",
        "2026年11月1日 1:59",
        "2026年11月1日 1:00",
        "2026年3月29日 1:59",
        "2026年3月29日 3:00",
        "2026年10月25日 2:59",
        "2026年10月25日 2:00",
        "2026年12月31日 23:59",
        "2027年1月1日 5:29",
    ),
    "ar-EG": (
        "21 نوفمبر 2026، 10:30~ص",
        "8 مارس 2026، 1:59~ص",
        "8 مارس 2026، 3:00~ص",
        "1 نوفمبر 2026، 1:59~ص",
        "1 نوفمبر 2026، 1:00~ص",
        "29 مارس 2026، 1:59~ص",
        "29 مارس 2026، 3:00~ص",
        "25 أكتوبر 2026، 2:59~ص",
        "25 أكتوبر 2026، 2:00~ص",
        "31 ديسمبر 2026، 11:59~م",
        "1 يناير 2027، 5:29~ص",
    ),
    "th-TH": (
        "21 พฤศจิกายน ค.ศ. 2026 10:30",
        "8 มีนาคม ค.ศ. 2026 01:59",
        "8 มีนาคม ค.ศ. 2026 03:00",
        "1 พฤศจิกายน ค.ศ. 2026 01:59",
        "1 พฤศจิกายน ค.ศ. 2026 01:00",
        "29 มีนาคม ค.ศ. 2026 01:59",
        "29 มีนาคม ค.ศ. 2026 03:00",
        "25 ตุลาคม ค.ศ. 2026 02:59",
        "25 ตุลาคม ค.ศ. 2026 02:00",
        "31 ธันวาคม ค.ศ. 2026 23:59",
        "1 มกราคม ค.ศ. 2027 05:29",
    ),
    "fa-IR": (
        "21 نوامبر 2026، ساعت 10:30",
        "8 مارس 2026، ساعت 1:59",
        "8 مارس 2026، ساعت 3:00",
        "1 نوامبر 2026، ساعت 1:59",
        "1 نوامبر 2026، ساعت 1:00",
        "29 مارس 2026، ساعت 1:59",
        "29 مارس 2026، ساعت 3:00",
        "25 اکتبر 2026، ساعت 2:59",
        "25 اکتبر 2026، ساعت 2:00",
        "31 دسامبر 2026، ساعت 23:59",
        "1 ژانویهٔ 2027، ساعت 5:29",
    ),
}
# A date, a time, the same with seconds, on the 12-hour clock, on the 24-hour clock, and a number.
PARTS = {
    "fr-CA": ("1er juillet 2026", "14~h~05", "14~h~05~min~09~s", "2~h~05~p.m.", "14~h~05", "-1~234~567,89"),
    "en-CA": ("July 1, 2026", "2:05~p.m.", "2:05:09~p.m.", "2:05~p.m.", "14:05", "-1,234,567.89"),
    "fr-FR": ("1er juillet 2026", "14:05", "14:05:09", "2:05~PM", "14:05", "-1~234~567,89"),
    "en-US": ("July 1, 2026", "2:05~PM", "2:05:09~PM", "2:05~PM", "14:05", "-1,234,567.89"),
    "en-GB": ("1 July 2026", "14:05", "14:05:09", "2:05~pm", "14:05", "-1,234,567.89"),
    "de-CH": ("1. Juli 2026", "14:05", "14:05:09", "2:05~PM", "14:05", "-1’234’567.89"),
    "ja-JP": ("2026年7月1日", "14:05", "14:05:09", "午後2:05", "14:05", "-1,234,567.89"),
    "ar-EG": ("1 يوليو 2026", "2:05~م", "2:05:09~م", "2:05~م", "14:05", "-1,234,567.89"),
    "th-TH": ("1 กรกฎาคม ค.ศ. 2026", "14:05", "14:05:09", "2:05~PM", "14:05", "-1,234,567.89"),
    "fa-IR": ("1 ژوئیهٔ 2026", "14:05", "14:05:09", "2:05~ب.ظ.", "14:05", "-1,234,567.89"),
}
PARTS_AT = datetime.fromisoformat("2026-07-01T18:05:09Z")


def shown(text: str) -> str:
    return text.replace("\u00a0", "~")


@pytest.mark.parametrize("culture", WRITTEN)
def test_instants_are_written_as_the_culture_does(culture: str) -> None:
    written = tuple(
        shown(format_instant(datetime.fromisoformat(at), habits=Habits(culture, zone))) for zone, at in INSTANTS
    )

    assert written == WRITTEN[culture]


@pytest.mark.parametrize("culture", PARTS)
def test_parts_are_written_as_the_culture_does(culture: str) -> None:
    habits = Habits(culture)
    written = (
        format_date(PARTS_AT, habits=habits),
        format_time(PARTS_AT, habits=habits),
        format_time(PARTS_AT, habits=habits, seconds=True),
        format_time(PARTS_AT, habits=Habits(culture, hour_clock="12")),
        format_time(PARTS_AT, habits=Habits(culture, hour_clock="24")),
        format_number(-1234567.89, habits=habits),
    )

    assert tuple(map(shown, written)) == PARTS[culture]
