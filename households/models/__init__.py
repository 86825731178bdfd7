from households.models.assurance import AssurancePlan, PolicyBenefit
from households.models.attachment import Attachment
from households.models.cardreading import CardReading
from households.models.change import ChangeRequest
from households.models.claim import Claim
from households.models.house import Appraisal, House, Occupancy
from households.models.household import Household, HouseholdCategory, HouseholdMember
from households.models.person import Person

__all__ = [
    "Appraisal",
    "AssurancePlan",
    "Attachment",
    "CardReading",
    "ChangeRequest",
    "Claim",
    "House",
    "Household",
    "HouseholdCategory",
    "HouseholdMember",
    "Occupancy",
    "Person",
    "PolicyBenefit",
]
