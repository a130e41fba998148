import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_support_views_and_reasons"),
    ]

    operations = [
        migrations.AlterField(
            model_name="securityevent",
            name="kind",
            field=models.CharField(
                choices=[
                    ("account:session:begun", "Signed in"),
                    ("account:session:ended", "Signed out"),
                    ("account:sessions:ended", "Other sessions ended"),
                    ("account:password:wrong", "Wrong password"),
                    ("account:password:locked", "Too many wrong passwords"),
                    ("account:password:reset_asked", "Password reset asked for"),
                    ("account:password:changed", "Password changed"),
                    ("account:code:sent", "Code sent"),
                    ("account:code:wrong", "Wrong code"),
                    ("account:recovery_code:used", "Recovery code used"),
                    ("account:recovery_codes:made", "Recovery codes made"),
                    ("account:email:change_asked", "New e-mail address asked for"),
                    ("account:email:changed", "E-mail address changed"),
                    ("account:number:proposed", "New cell number typed"),
                    ("account:number:changed", "Cell number changed"),
                    ("account:number:removed", "Cell number removed"),
                    ("account:two_factor:on", "2FA turned on"),
                    ("account:two_factor:off", "2FA turned off"),
                    ("account:proof:given", "Identity confirmed"),
                    ("account:profile:changed", "Profile changed"),
                    ("account:return_protection:changed", "Return protection changed"),
                    ("support:account:viewed", "Viewed by support"),
                    ("support:account:changed", "Changed by support"),
                ],
                max_length=60,
            ),
        ),
        migrations.CreateModel(
            name="EmailChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("old_email", models.CharField(max_length=254)),
                ("new_email", models.CharField(max_length=254)),
                ("confirm_digest", models.BinaryField(max_length=32, unique=True)),
                ("undo_digest", models.BinaryField(max_length=32, null=True, unique=True)),
                ("asked_at", models.DateTimeField()),
                ("confirm_until", models.DateTimeField()),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("undo_until", models.DateTimeField(null=True)),
                ("undone_at", models.DateTimeField(null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="email_changes",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["user", "-asked_at"], name="accounts_emailchange_of_user")],
            },
        ),
    ]
