from django.db import models
from django.db.models import Q

from common.fields import BlindIndexField, SealedModel, SealedTextField
from households.choices import Relation
from renovation.models.case import Case


class CaseMember(SealedModel):
    """A family member living with the applicant, as the applicant wrote it (共同生活家庭成员)."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="members")
    name = models.CharField("姓名", max_length=50)
    id_number = SealedTextField("身份证号码", mask="id_number")
    id_index = BlindIndexField(source="id_number", kind="id_number", db_index=False)
    relation = models.CharField("与申请人关系", max_length=2, choices=Relation.choices)

    class Meta:
        verbose_name = "共同生活家庭成员"
        verbose_name_plural = "共同生活家庭成员"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "id_index"], condition=~Q(id_index=""), name="one_row_per_member_of_case"
            ),
        ]
        indexes = [models.Index(fields=["id_index"], name="member_id_index")]

    def __str__(self):
        return self.name
