from .bound import RegionBoundModel
from .calendar import CalendarDay, CalendarStamp
from .cube import CubeDelta, CubeRow
from .edit import RegionEdit
from .option import OptionItem
from .region import Region, TreeStamp

__all__ = [
    "CalendarDay",
    "CalendarStamp",
    "CubeDelta",
    "CubeRow",
    "OptionItem",
    "Region",
    "RegionBoundModel",
    "RegionEdit",
    "TreeStamp",
]
