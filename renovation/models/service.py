from django.db import models
from django.db.models import Q

from accounts.models import Office, User
from renovation.choices import Stars


class Rating(models.Model):
    """How the villager found the service (满意度评价), once, after the house was accepted."""

    case = models.OneToOneField("renovation.Case", models.PROTECT, related_name="rating", verbose_name="工单")
    stars = models.PositiveSmallIntegerField("满意度", choices=Stars.choices)
    reason = models.CharField("不满意的原因", max_length=500, blank=True)
    comment = models.CharField("评价内容", max_length=500, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="评价账号")
    at = models.DateTimeField("评价时间")

    class Meta:
        verbose_name = "满意度评价"
        verbose_name_plural = "满意度评价"
        constraints = [
            models.CheckConstraint(condition=Q(stars__gte=1, stars__lte=5), name="stars_one_to_five"),
            models.CheckConstraint(condition=Q(stars__gt=2) | ~Q(reason=""), name="low_rating_says_why"),
        ]

    def __str__(self):
        return f"{self.case_id} {self.stars}"


class SecondLook(models.Model):
    """The villager's one request that the county look again at a failed review (申请复核, decision 22)."""

    case = models.OneToOneField("renovation.Case", models.PROTECT, related_name="second_look", verbose_name="工单")
    reason = models.TextField("申请理由", max_length=1000)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="申请账号")
    asked_at = models.DateTimeField("申请时间")
    closed_at = models.DateTimeField("答复时间", null=True, blank=True)
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="答复人")
    is_granted = models.BooleanField("是否同意重新评议", null=True)
    answer = models.TextField("答复", max_length=1000, blank=True)

    class Meta:
        verbose_name = "复核申请"
        verbose_name_plural = "复核申请"

    def __str__(self):
        return f"{self.case_id} {self.asked_at:%Y-%m-%d}"


class OpinionAmendment(models.Model):
    """The county's change of the township's opinion (修改审核意见): both versions and both signatures stay (§4.8)."""

    case = models.ForeignKey("renovation.Case", models.PROTECT, related_name="amendments", verbose_name="工单")
    node = models.ForeignKey("renovation.CaseNode", models.PROTECT, related_name="amendments", verbose_name="审核环节")
    original = models.TextField("原意见")
    amended = models.TextField("修改后的意见", max_length=1000)
    original_by_name = models.CharField("原审核人", max_length=100)
    original_office_name = models.CharField("原审核部门", max_length=100)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="修改人")
    by_name = models.CharField("修改人", max_length=100)
    office_name = models.CharField("修改部门", max_length=100)
    at = models.DateTimeField("修改时间")

    class Meta:
        verbose_name = "意见修改"
        verbose_name_plural = "意见修改"
        ordering = ["id"]

    def __str__(self):
        return f"{self.case_id} {self.at:%Y-%m-%d}"


class CaseViewing(models.Model):
    """That somebody of the staff looked into a case on a day (查阅记录): the applicant may read it (domain §15.4)."""

    case = models.ForeignKey("renovation.Case", models.CASCADE, db_index=False, related_name="viewings")
    user = models.ForeignKey(User, models.CASCADE, db_index=False, related_name="+", verbose_name="查阅人")
    office = models.ForeignKey(Office, models.PROTECT, null=True, db_index=False, related_name="+")
    day = models.DateField("日期")
    first_at = models.DateTimeField("首次查阅")
    last_at = models.DateTimeField("最近查阅")

    class Meta:
        verbose_name = "查阅记录"
        verbose_name_plural = "查阅记录"
        constraints = [models.UniqueConstraint(fields=["case", "user", "day"], name="one_viewing_per_day")]

    def __str__(self):
        return f"{self.case_id} {self.day}"
