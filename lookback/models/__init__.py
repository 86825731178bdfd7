from lookback.models.campaign import LookbackCampaign
from lookback.models.counters import LookbackChange, LookbackTotal
from lookback.models.record import LookbackRecord

__all__ = ["LookbackCampaign", "LookbackChange", "LookbackRecord", "LookbackTotal"]
