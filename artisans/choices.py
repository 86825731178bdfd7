"""Option lists of the craftsman directory (domain §10.27–10.29)."""

from django.db import models


class Trade(models.TextChoices):
    BRICKLAYER = "bricklayer", "瓦工"
    MASON = "mason", "砌筑工"
    CARPENTER = "carpenter", "木工"
    PLUMBER = "plumber", "水暖工"
    ELECTRICIAN = "electrician", "电工"
    PAINTER = "painter", "油漆工"
    OTHER = "other", "其他"


class PersonType(models.TextChoices):
    GRADUATE = "graduate", "职业院校毕业生"
    VETERAN = "veteran", "退伍军人"
    POVERTY_ALLEVIATED = "poverty_alleviated", "脱贫户"
    MIGRANT_WORKER = "migrant_worker", "农民工"
    OTHER = "other", "其他"
