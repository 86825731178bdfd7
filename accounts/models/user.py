import uuid
from dataclasses import replace

from django.contrib.auth.models import AbstractBaseUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.crypto import salted_hmac
from django.utils.functional import cached_property

from accounts.choices import ADMIN_DUTIES, Duty, Level, Status
from accounts.permissions import Can, admin_apps, admin_permits, capabilities
from accounts.queries import UserManager
from common.fields import BlindIndexField, SealedModel, SealedTextField
from regions.scope import NOTHING, Scope

EVERYTHING = frozenset(Can)


class User(SealedModel, AbstractBaseUser):
    """Whoever can sign in (账号): one person of the staff, or one villager's phone (decisions 12, 18, 24)."""

    username = models.CharField("系统账号", max_length=32, unique=True)
    display_name = models.CharField("用户姓名", max_length=100, blank=True)
    phone = SealedTextField("联系电话", max_length=11, mask="phone")
    phone_index = BlindIndexField(source="phone", kind="phone")
    level = models.CharField("级别", max_length=10, choices=Level)
    office = models.ForeignKey(
        "accounts.Office", models.PROTECT, verbose_name="单位", null=True, blank=True, related_name="users"
    )
    duties = ArrayField(models.CharField(max_length=20, choices=Duty), verbose_name="职责", default=list, blank=True)
    position = models.CharField("职位", max_length=50, blank=True)
    status = models.CharField("状态", max_length=10, choices=Status, default=Status.ACTIVE)
    must_change_password = models.BooleanField("须完善信息", default=False)
    password_expires_at = models.DateTimeField("初始密码有效期至", null=True, blank=True)
    password_set_at = models.DateTimeField("密码设置时间", null=True, blank=True, editable=False)
    is_superuser = models.BooleanField("引导账号", default=False)
    created_at = models.DateTimeField("创建时间", auto_now_add=True)
    created_by = models.ForeignKey(
        "self", models.PROTECT, verbose_name="创建人", null=True, blank=True, related_name="+", editable=False
    )

    objects = UserManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = []

    class Meta:
        verbose_name = verbose_name_plural = "账号"
        ordering = ["id"]
        indexes = [models.Index(fields=["office", "status"], name="user_of_office")]
        constraints = [
            models.UniqueConstraint(
                fields=["phone_index"], condition=Q(level=Level.VILLAGER), name="one_account_per_villager_phone"
            ),
            models.CheckConstraint(
                condition=~Q(duties__overlap=[duty.value for duty in ADMIN_DUTIES]) | Q(duties__len=1),
                name="administrators_hold_one_duty",
                violation_error_message="系统、安全、审计管理员不得兼任其他职责",
            ),
            models.CheckConstraint(
                condition=Q(level=Level.VILLAGER, office=None, duties__len=0)
                | (~Q(level=Level.VILLAGER) & Q(office__isnull=False))
                | Q(is_superuser=True),
                name="staff_has_office_villager_none",
                violation_error_message="工作人员账号必须选择单位",
            ),
        ]

    def __str__(self) -> str:
        return self.display_name or self.username

    @property
    def is_active(self) -> bool:
        return self.status == Status.ACTIVE

    @property
    def is_villager(self) -> bool:
        return self.level == Level.VILLAGER

    @property
    def is_staff(self) -> bool:
        """Django's word for who may open the admin pages: whoever has a capability that stands there."""
        return self.is_active and bool(admin_apps(self.capabilities))

    @property
    def region(self):
        return self.office.region if self.office_id else None

    @cached_property
    def capabilities(self) -> frozenset[Can]:
        return EVERYTHING if self.is_superuser else capabilities(self.level, self.duties)

    def get_duty_labels(self) -> list[str]:
        return [duty.label for duty in Duty if duty in self.duties]

    def can(self, capability: Can) -> bool:
        """Whether this account may do that at all; whether with this record is `visible_to()` and the guards."""
        return self.is_active and not self.must_change_password and capability in self.capabilities

    @property
    def scope(self) -> Scope:
        """The rows this account may see: none until the first login is completed; a villager's is set per request."""
        if not self.is_active or self.must_change_password:
            return NOTHING
        if self.is_villager:
            return getattr(self, "_scope", NOTHING)
        if self.region is None:
            return NOTHING
        # Drafts written for somebody else (代办) belong to the officer, so the scope says who it is.
        return replace(self.region.scope, owner=self.uid)

    def act_as(self, scope: Scope) -> None:
        """A villager's account speaks for one person of its phone (decision 18): from here on with that scope."""
        self._scope = scope

    @property
    def acting_uid(self) -> uuid.UUID | None:
        """Whom messages and drafts belong to: the officer, or the person whose name was tapped."""
        return self.scope.owner if self.is_villager else self.uid

    def has_perm(self, permission: str, obj=None) -> bool:
        return self.is_active and admin_permits(self.capabilities, permission)

    def has_perms(self, permissions, obj=None) -> bool:
        return all(self.has_perm(permission, obj) for permission in permissions)

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_active and app_label in admin_apps(self.capabilities)

    def _get_session_auth_hash(self, secret=None) -> str:
        # Not the password alone: who is disabled, moved or given other duties must log in again (L-07, A-06).
        rights = [self.password, self.status, self.level, str(self.office_id), *sorted(self.duties)]
        return salted_hmac("accounts.session", "|".join(rights), secret=secret, algorithm="sha256").hexdigest()
