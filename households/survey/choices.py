"""Option lists of the survey on which rules or statistics depend (domain §5.2, §10.7, §10.8)."""

from django.db import models

from households.choices import Grade


class Shape(models.TextChoices):
    """What a survey found (domain §5.7: the shapes of an audit; 无房户 in monitoring only); '' is not known yet."""

    UNKNOWN = "", "未填"
    OWN = "own", "自有农村住房"
    OTHER_SAFE = "other_safe", "其他安全住房"
    NONE = "none", "无房户"
    DEATH = "death", "死亡销户"


SAFE, UNSAFE = (Grade.A, Grade.B), (Grade.C, Grade.D)
