import uuid

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_browsers_say_when_they_were_used"),
    ]

    operations = [
        # Going back, the column is empty: the browser's row knows it.
        migrations.RemoveField(model_name="session", name="browser"),
        migrations.AlterField(
            model_name="knownbrowser", name="handle", field=models.UUIDField(default=uuid.uuid4, unique=True)
        ),
        migrations.AlterField(model_name="knownbrowser", name="signed_in_at", field=models.DateTimeField()),
        migrations.AddIndex(
            model_name="knownbrowser",
            index=models.Index(fields=["user", "-signed_in_at"], name="accounts_browser_of_user"),
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
    ]
