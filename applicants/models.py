from uuid import uuid4

from django.db import models
from django.db.models import Q

from accounts.models import User
from households.models import Attachment, Claim
from regions.keys import ancestor_keys


class Speech(models.TextChoices):
    """The slots of recordings: one 普通话, any number of dialects and languages by name."""

    MANDARIN = "mandarin", "普通话"
    DIALECT = "dialect", "方言"
    MINORITY = "minority", "民族语言"


class RecordingQuerySet(models.QuerySet):
    def visible_to(self, user) -> "RecordingQuerySet":
        """Recordings for the whole nation, for the places above the user's own, and for an officer those below."""
        if not user.is_authenticated:
            return self.none()
        if user.is_villager:
            home = Claim.objects.filter(uid=user.scope.owner).values_list("region_key", flat=True).first()
            return self.filter(Q(region=None) | Q(region__key__in=ancestor_keys(home) if home else []))
        scope = user.scope
        if scope.kind != "region":
            return self.none()
        above = Q(region__key__in=ancestor_keys(scope.low))
        return self.filter(Q(region=None) | above | Q(region__key__range=(scope.low, scope.high)))


class Recording(models.Model):
    """A notice or a question spoken by somebody of the place (朗读录音), for phones without a voice."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    text = models.CharField("读什么", max_length=30)
    # Of the words when they were recorded: once they change, the recording is silent.
    fingerprint = models.CharField(max_length=64, editable=False)
    speech = models.CharField("语种", max_length=10, choices=Speech.choices)
    language = models.CharField("语言名称", max_length=20, blank=True)
    region = models.ForeignKey(
        "regions.Region", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="适用地区"
    )
    file = models.OneToOneField(Attachment, models.PROTECT, related_name="+", verbose_name="录音文件")
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="上传人")
    created_at = models.DateTimeField("上传时间", auto_now_add=True)

    objects = RecordingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "朗读录音"
        ordering = ["text", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["region", "text", "speech", "language"], name="one_recording_per_place_and_language"
            ),
            models.UniqueConstraint(
                fields=["text", "speech", "language"],
                condition=Q(region=None),
                name="one_recording_of_the_nation",
            ),
            models.CheckConstraint(
                condition=Q(speech=Speech.MANDARIN, language="") | ~(Q(speech=Speech.MANDARIN) | Q(language="")),
                name="dialects_have_names",
            ),
        ]

    def __str__(self):
        # Its texts are built from forms, which need the models first.
        from applicants.spoken import title_of

        return f"{title_of(self.text)}（{self.name}）"

    @property
    def name(self) -> str:
        """What people call the language: 普通话, 昆明话, 彝语."""
        return self.language or self.get_speech_display()

    @property
    def slot(self) -> str:
        """What a phone remembers as the choice: the same dialect on every page."""
        return f"{self.speech}:{self.language}"
