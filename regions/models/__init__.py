from .bound import RegionBoundModel
from .calendar import CalendarDay, CalendarStamp
from .edit import RegionEdit
from .option import OptionItem
from .region import Region, TreeStamp

__all__ = ["CalendarDay", "CalendarStamp", "OptionItem", "Region", "RegionBoundModel", "RegionEdit", "TreeStamp"]
