"""Second factors, people of a provider, and classes that code facts."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("caprev_web", "0002_trail_kept")]

    operations = [
        migrations.CreateModel(
            name="Policy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("second_factor", models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name="Recovery",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("hashed", models.CharField(max_length=200)),
            ],
        ),
        migrations.AddField(
            model_name="lesson",
            name="kind",
            field=models.CharField(
                choices=[("predict", "predict"), ("code", "code")], default="predict", max_length=10
            ),
        ),
        migrations.AddField(model_name="lesson", name="reading", field=models.TextField(blank=True)),
        migrations.AddField(model_name="pupil", name="coded", field=models.JSONField(default=dict)),
        migrations.AddField(model_name="user", name="issuer", field=models.CharField(blank=True, max_length=200)),
        migrations.AddField(model_name="user", name="single", field=models.BooleanField(default=False)),
        migrations.AddField(model_name="user", name="subject", field=models.CharField(blank=True, max_length=255)),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.UniqueConstraint(
                condition=models.Q(("subject", ""), _negated=True),
                fields=("issuer", "subject"),
                name="one_person_a_subject",
            ),
        ),
        migrations.AddField(
            model_name="recovery",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="recoveries", to=settings.AUTH_USER_MODEL
            ),
        ),
    ]
