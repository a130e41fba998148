import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0007_sessions_belong_to_a_browser"),
    ]

    operations = [
        # Links that undo a change of address move to a table of their own; those mailed before this release end here.
        migrations.AlterField(
            model_name="emailchange", name="old_email", field=models.CharField(default="", max_length=254)
        ),
        migrations.RemoveField(
            model_name="emailchange",
            name="old_email",
        ),
        migrations.RemoveField(
            model_name="emailchange",
            name="undo_digest",
        ),
        migrations.RemoveField(
            model_name="emailchange",
            name="undo_until",
        ),
        migrations.RemoveField(
            model_name="emailchange",
            name="undone_at",
        ),
        migrations.AlterField(
            model_name="securityevent",
            name="kind",
            field=models.CharField(
                choices=[
                    ("account:session:begun", "Signed in"),
                    ("account:session:ended", "Signed out"),
                    ("account:browser:signed_out", "One browser signed out"),
                    ("account:sessions:ended", "Other sessions ended"),
                    ("account:browser:forgotten", "Browser forgotten"),
                    ("account:browsers:forgotten", "All browsers forgotten"),
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
                    ("account:change:undone", "Change of address or number undone"),
                    ("account:two_factor:on", "2FA turned on"),
                    ("account:two_factor:off", "2FA turned off"),
                    ("account:proof:given", "Identity confirmed"),
                    ("account:profile:changed", "Profile changed"),
                    ("account:return_protection:changed", "Return protection changed"),
                    ("support:account:viewed", "Viewed by support"),
                    ("support:account:changed", "Changed by support"),
                ],
                max_length=60,
                verbose_name="event",
            ),
        ),
        migrations.CreateModel(
            name="Undo",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.BinaryField(max_length=32, unique=True)),
                ("changed_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(null=True)),
                ("email", models.CharField(max_length=254)),
                ("cell_number_sealed", models.BinaryField(max_length=80, null=True)),
                ("cell_number_digest", models.BinaryField(max_length=32, null=True)),
                ("cell_number_proven_at", models.DateTimeField(null=True)),
                ("two_factor_enabled", models.BooleanField()),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="undos", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
    ]
