from django.db import models

from accounts.models import User
from common.crypto import seal_bytes, unseal_bytes
from common.fields import SealedModel, SealedTextField
from households.choices import ReadingState


class CardReadingQuerySet(models.QuerySet):
    def visible_to(self, user):
        """What this account has sent; the session is asked for besides (households.queries.visible_reading)."""
        return self.filter(account=user) if user.is_authenticated else self.none()


class CardReading(SealedModel):
    """One photo of an ID card on its way through the reader (拍照识别, decision 9): queue, result and counter.

    The table is UNLOGGED (migration 0004): a photo reaches neither the write-ahead log nor a copy of the database made
    from it. The photo goes when the reader takes it, the result when it is shown or after ten minutes; what stays for
    an hour, to count by, says who asked and when, nothing of the card.
    """

    account = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name="账号")
    session_mark = models.CharField(max_length=64, editable=False)
    state = models.CharField("状态", max_length=8, choices=ReadingState, default=ReadingState.WAITING)
    photo = models.BinaryField(null=True, editable=False)
    result = SealedTextField("识别结果", null=True)
    ip = models.GenericIPAddressField("IP", null=True)
    ip_block = models.CharField(max_length=43, blank=True)
    created_at = models.DateTimeField("时间")
    began_at = models.DateTimeField("开始识别", null=True)

    objects = CardReadingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "身份证识别"
        indexes = [
            models.Index(fields=["created_at"], name="card_by_time"),
            models.Index(fields=["account", "created_at"], name="card_by_account"),
        ]

    def __str__(self):
        return f"{self.get_state_display()}"

    def put_photo(self, jpeg: bytes) -> None:
        """Seal the photo into this row."""
        self.photo = seal_bytes(jpeg, **self._place())

    def take_photo(self) -> bytes:
        """The photo, which the row then has no more once it is saved."""
        jpeg, self.photo = unseal_bytes(bytes(self.photo), **self._place()), None
        return jpeg

    def _place(self) -> dict:
        return {"table": self._meta.db_table, "field": "photo", "uid": self.uid}
