from django.db import models
from django.db.models import Q

from accounts.models import User
from common.fields import SealedModel
from households.choices import TakenSource


class Attachment(SealedModel):
    """A photo or paper that belongs to a record (附件): the row says what the file is, the file holds the bytes.

    The owner is named by kind and uid, because the ledger must not know the matters above it.
    """

    owner_kind = models.CharField("所属类型", max_length=20)
    owner_uid = models.UUIDField("所属记录")
    slot = models.CharField("用途", max_length=30)
    # The phone names each photo once; a retry of the same photo finds this row instead of making another.
    client_id = models.UUIDField("客户端编号")
    source_sha256 = models.CharField(max_length=64, editable=False)
    sha256 = models.CharField(max_length=64, editable=False)
    size = models.PositiveIntegerField("字节数")
    content_type = models.CharField("类型", max_length=50)
    width = models.PositiveIntegerField("宽", null=True, blank=True)
    height = models.PositiveIntegerField("高", null=True, blank=True)
    path = models.CharField("文件", max_length=200)
    thumb_path = models.CharField("缩略图", max_length=200, blank=True)
    is_paper = models.BooleanField("是否为文件材料", default=False)
    label = models.CharField("文件名称", max_length=120, blank=True)
    taken_at = models.DateTimeField("拍摄时间", null=True, blank=True)
    taken_source = models.CharField("拍摄时间来源", max_length=8, choices=TakenSource.choices, blank=True)
    lon = models.DecimalField("经度", max_digits=9, decimal_places=6, null=True, blank=True)
    lat = models.DecimalField("纬度", max_digits=9, decimal_places=6, null=True, blank=True)
    position_source = models.CharField("位置来源", max_length=8, choices=TakenSource.choices, blank=True)
    crs = models.CharField("坐标系", max_length=10, blank=True)
    uploaded_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="上传人")
    uploaded_at = models.DateTimeField("上传时间", auto_now_add=True)

    class Meta:
        verbose_name = "附件"
        verbose_name_plural = "附件"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["owner_uid", "slot", "client_id"], name="one_row_per_client_photo"),
            # The same bytes sent under a second name (page reloaded after a lost reply) are the same photo.
            models.UniqueConstraint(fields=["owner_uid", "slot", "source_sha256"], name="one_row_per_source_photo"),
            models.CheckConstraint(condition=Q(size__gt=0), name="attachment_not_empty"),
        ]
        # Whether another family sent the same photo is asked of all there are (DQ22).
        indexes = [models.Index(fields=["sha256"], condition=Q(is_paper=False), name="attachment_same_photo")]

    def __str__(self):
        return f"{self.slot} {self.uid}"
