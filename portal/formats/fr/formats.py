"""French date forms with the h of the hour escaped; Django 6.1 mends its own."""

DATE_FORMAT = "j F Y"
DATETIME_FORMAT = r"j F Y, H \h i"
TIME_FORMAT = r"H \h i"
SHORT_DATE_FORMAT = "Y-m-d"
SHORT_DATETIME_FORMAT = r"Y-m-d H \h i"
