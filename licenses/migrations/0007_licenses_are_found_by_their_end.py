from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("licenses", "0006_plans_stay_in_range")]
    operations = [
        migrations.AddIndex(
            model_name="license", index=models.Index(fields=["expires_at"], name="licenses_license_end")
        ),
    ]
