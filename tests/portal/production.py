"""The least a production portal has to be told, beside the places of its data and keys and its proxy."""

TOLD = {
    "PORTAL_ENV": "production",
    "PORTAL_NAME": "Portal",
    "PUBLIC_URL": "https://portal.example",
    "EMAIL_URL": "smtps://user:password@mail.example",
    "SMS_URL": "none",
    "MAIL_FROM": "portal@portal.example",
    "SUPPORT_EMAIL": "help@portal.example",
}
