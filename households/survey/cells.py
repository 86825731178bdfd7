"""The columns by which surveys are counted (ADR 0130): register, cube and changes all have them under these names."""

from django.db import models

from households.choices import Grade
from households.survey.choices import Shape
from households.survey.workflow import SurveyState


class SurveyCells(models.Model):
    """Abstract: what tells the cells of a survey register apart. '' is 未填; nothing here may be NULL."""

    state = models.CharField("填报状态", max_length=12, choices=SurveyState.choices, default=SurveyState.NOT_FILLED)
    shape = models.CharField("住房情况", max_length=12, choices=Shape.choices, blank=True, default=Shape.UNKNOWN)
    grade = models.CharField("鉴定或评估结果", max_length=1, choices=Grade.choices, blank=True, default="")
    is_split = models.BooleanField("分户", default=False)

    class Meta:
        abstract = True
