from django.db import models


class RegionLevel(models.TextChoices):
    NATION = "nation", "国家"
    PROVINCE = "province", "省级"
    CITY = "city", "市级"
    COUNTY = "county", "县级"
    TOWNSHIP = "township", "乡镇级"
    VILLAGE = "village", "村级"

    @property
    def depth(self) -> int:
        """0 for the nation … 5 for a village: the order from top to bottom."""
        return list(RegionLevel).index(self)

    @property
    def question(self) -> str:
        """What a person is asked to pick at this level, as printed over the select."""
        return _QUESTIONS[self.value]


_QUESTIONS = {
    "nation": "全国",
    "province": "省（自治区、直辖市）",
    "city": "市（州）",
    "county": "县（市、区）",
    "township": "乡镇（街道）",
    "village": "村（社区）",
}


class DayKind(models.TextChoices):
    HOLIDAY = "holiday", "放假"
    WORKDAY = "workday", "调休上班"


class EditKind(models.TextChoices):
    ADD = "add", "新增"
    RENAME = "rename", "更名"
    RECODE = "recode", "变更编码"
    MOVE = "move", "变更上级"
    CLOSE = "close", "撤销"
    MERGE = "merge", "并入"


class EditState(models.TextChoices):
    PENDING = "pending", "待生效"
    PUBLISHED = "published", "已生效"
    DROPPED = "dropped", "已取消"
