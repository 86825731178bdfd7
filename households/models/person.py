from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from common.fields import BlindIndexField, SealedModel, SealedTextField
from common.names import grams
from households.choices import Ethnicity, Gender


class Person(SealedModel):
    """A human being known by ID number (人员), once in the whole ledger; birth date and sex follow from the ID."""

    name = models.CharField("姓名", max_length=50)
    name_grams = ArrayField(models.CharField(max_length=2), editable=False, default=list)
    id_number = SealedTextField("身份证号码", mask="id_number")
    id_index = BlindIndexField(source="id_number", kind="id_number", unique=True, db_index=False)
    id_tail_index = BlindIndexField(source="id_number", kind="id_number_tail")
    gender = models.CharField("性别", max_length=6, choices=Gender.choices)
    birth_date = SealedTextField("出生日期", blank=True)
    # Ages are needed by lists and statistics; the day and month are not (decision 15).
    birth_year = models.PositiveSmallIntegerField("出生年份")
    ethnicity = models.CharField("民族", max_length=2, choices=Ethnicity.choices, blank=True)
    phone = SealedTextField("联系电话", mask="phone", blank=True)
    phone_index = BlindIndexField(source="phone", kind="phone")
    is_disabled = models.BooleanField("残疾人", default=False)
    is_veteran = models.BooleanField("退役军人", default=False)
    deceased_on = models.DateField("死亡日期", null=True, blank=True)
    created_at = models.DateTimeField("建档时间", auto_now_add=True)

    class Meta:
        verbose_name = "人员"
        verbose_name_plural = "人员"
        indexes = [GinIndex(fields=["name_grams"], name="person_name_grams")]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        self.name_grams = grams(self.name)
        super().save(*args, **kwargs)
