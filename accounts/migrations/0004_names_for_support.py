import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_email_changes"),
    ]

    operations = [
        migrations.AlterField(
            model_name="organization",
            name="language",
            field=models.CharField(default="en", max_length=5, verbose_name="language"),
        ),
        migrations.AlterField(
            model_name="organization",
            name="name",
            field=models.CharField(max_length=100, verbose_name="name"),
        ),
        migrations.AlterField(
            model_name="organization",
            name="time_zone",
            field=models.CharField(default="America/Toronto", max_length=64, verbose_name="time zone"),
        ),
        migrations.AlterField(
            model_name="securityevent",
            name="actor",
            field=models.CharField(blank=True, max_length=254, verbose_name="by"),
        ),
        migrations.AlterField(
            model_name="securityevent",
            name="browser",
            field=models.CharField(blank=True, max_length=200, verbose_name="browser"),
        ),
        migrations.AlterField(
            model_name="securityevent",
            name="ip_address",
            field=models.GenericIPAddressField(null=True, verbose_name="IP address"),
        ),
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
                verbose_name="event",
            ),
        ),
        migrations.AlterField(
            model_name="securityevent",
            name="method",
            field=models.CharField(blank=True, max_length=40, verbose_name="method"),
        ),
        migrations.AlterField(
            model_name="securityevent",
            name="reason",
            field=models.CharField(blank=True, max_length=500, verbose_name="reason"),
        ),
        migrations.AlterField(
            model_name="user",
            name="email",
            field=models.CharField(max_length=254, verbose_name="Email"),
        ),
        migrations.AlterField(
            model_name="user",
            name="is_active",
            field=models.BooleanField(default=True, verbose_name="active"),
        ),
        migrations.AlterField(
            model_name="user",
            name="organization",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="users",
                to="accounts.organization",
                verbose_name="organization",
            ),
        ),
        migrations.AlterField(
            model_name="user",
            name="role_type",
            field=models.CharField(
                choices=[("administrator", "Administrator"), ("standard_user", "Standard user")],
                default="standard_user",
                max_length=20,
                verbose_name="role type",
            ),
        ),
        migrations.AlterField(
            model_name="user",
            name="two_factor_enabled",
            field=models.BooleanField(default=False, verbose_name="2FA"),
        ),
    ]
