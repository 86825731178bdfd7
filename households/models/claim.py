from django.db import models
from django.db.models import Q

from accounts.models import User
from common.fields import BlindIndexField, SealedModel, SealedTextField
from households.choices import ClaimState
from regions.scope import RegionScopedQuerySet


class ClaimQuerySet(RegionScopedQuerySet):
    """Claims within a staff member's region; a villager has only the one in use."""

    def for_owner(self, scope):
        return self.filter(uid=scope.owner)


class Claim(SealedModel):
    """What a phone asserts of a person (实名身份): name and ID, unproved until somebody met the person (decision 17).

    A phone holds up to six (decision 18). Drafts, cases and messages belong to the claim, never to the phone.
    """

    account = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="claims", verbose_name="手机账号"
    )
    name = models.CharField("姓名", max_length=50)
    id_number = SealedTextField("身份证号码", mask="id_number")
    id_index = BlindIndexField(source="id_number", kind="id_number")
    phone = SealedTextField("手机号码", mask="phone")
    phone_index = BlindIndexField(source="phone", kind="phone")
    home_region = models.ForeignKey("regions.Region", models.PROTECT, related_name="+", verbose_name="家庭住址")
    # Kept beside the foreign key so that a staff member's region is a key range, as on every household-bound row.
    region_key = models.CharField(max_length=12, db_collation="C", editable=False)
    home_address = models.CharField("详细住址", max_length=200)
    state = models.CharField("核对状态", max_length=10, choices=ClaimState.choices, default=ClaimState.CLAIMED)
    person = models.ForeignKey(
        "households.Person", models.PROTECT, null=True, blank=True, related_name="claims", verbose_name="人员"
    )
    confirmed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="核对人"
    )
    confirmed_at = models.DateTimeField("核对时间", null=True, blank=True)
    pin_hash = models.CharField(max_length=200, blank=True, editable=False)
    # Beside the digits, not in the session: a new login or a second browser must not give new guesses.
    pin_failures = models.PositiveSmallIntegerField("密码输错次数", default=0, editable=False)
    pin_locked_until = models.DateTimeField("密码锁定至", null=True, blank=True, editable=False)
    pin_forgotten_at = models.DateTimeField("申请清除密码时间", null=True, blank=True, editable=False)
    last_seen_at = models.DateTimeField("最近使用", null=True, blank=True)
    created_at = models.DateTimeField("登记时间", auto_now_add=True)

    objects = ClaimQuerySet.as_manager()

    class Meta:
        verbose_name = "实名身份"
        verbose_name_plural = "实名身份"
        constraints = [
            models.UniqueConstraint(
                fields=["account", "id_index"], condition=Q(account__isnull=False), name="one_claim_per_phone_and_id"
            ),
            # Several claims on one ID may coexist; only one can have been confirmed (decision 17).
            models.UniqueConstraint(
                fields=["id_index"], condition=Q(state="confirmed"), name="one_confirmed_claim_per_id"
            ),
            models.CheckConstraint(
                condition=~Q(state="confirmed") | Q(person__isnull=False), name="confirmed_claim_has_person"
            ),
        ]
        indexes = [models.Index(fields=["region_key", "state", "id"], name="claim_key_state")]

    def __str__(self):
        return self.name

    @property
    def is_confirmed(self) -> bool:
        return self.state == ClaimState.CONFIRMED
