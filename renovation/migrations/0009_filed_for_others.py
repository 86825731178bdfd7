import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

import renovation.models.behalf


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_password_set_at"),
        ("households", "0003_pin_forgotten"),
        ("regions", "0001_initial"),
        ("renovation", "0008_sums_guarded"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="BehalfNotice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "token",
                    models.CharField(
                        default=renovation.models.behalf.new_token, editable=False, max_length=32, unique=True
                    ),
                ),
                ("is_told", models.BooleanField(verbose_name="短信发给本人")),
                (
                    "failures",
                    models.PositiveSmallIntegerField(default=0, editable=False, verbose_name="后四位输错次数"),
                ),
                ("locked_until", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="暂停至")),
                ("disowned_at", models.DateTimeField(blank=True, null=True, verbose_name="本人不同意的时间")),
                ("words", models.CharField(blank=True, max_length=500, verbose_name="本人的话")),
                ("settled_at", models.DateTimeField(blank=True, null=True, verbose_name="核实时间")),
                ("settlement", models.CharField(blank=True, max_length=500, verbose_name="核实情况")),
            ],
            options={
                "verbose_name": "代办告知",
                "verbose_name_plural": "代办告知",
            },
        ),
        migrations.AddField(
            model_name="case",
            name="agent_claim",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="cases_for_others",
                to="households.claim",
                verbose_name="代办人身份",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(django.db.models.functions.text.Right("number", 6), name="case_number_tail"),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("agent_claim__isnull", False)),
                fields=["agent_claim", "-id"],
                name="case_agent_claim",
            ),
        ),
        migrations.AddField(
            model_name="behalfnotice",
            name="case",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="behalf_notice",
                to="renovation.case",
                verbose_name="工单",
            ),
        ),
        migrations.AddField(
            model_name="behalfnotice",
            name="disowned_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="登记人",
            ),
        ),
        migrations.AddField(
            model_name="behalfnotice",
            name="settled_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="核实人",
            ),
        ),
        migrations.AddConstraint(
            model_name="behalfnotice",
            constraint=models.CheckConstraint(
                condition=models.Q(("settled_at__isnull", True), ("disowned_at__isnull", False), _connector="OR"),
                name="only_disowned_is_settled",
            ),
        ),
    ]
