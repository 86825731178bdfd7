from renovation.forms.acceptance import AcceptanceForm
from renovation.forms.appraisal import AppraisalForm
from renovation.forms.approval import ApprovalForm
from renovation.forms.audit import TownshipAuditForm
from renovation.forms.completion import CompletionForm
from renovation.forms.implementation import ImplementationForm
from renovation.forms.inspection import InspectionForm
from renovation.forms.returns import ReopeningForm, ReturnForm, UpheldObjectionForm
from renovation.forms.review import ReviewForm
from renovation.forms.step import StepForm, Upload
from renovation.forms.termination import TerminationForm

_FORMS = (
    AcceptanceForm,
    AppraisalForm,
    ReviewForm,
    TownshipAuditForm,
    ApprovalForm,
    ImplementationForm,
    CompletionForm,
    InspectionForm,
    ReturnForm,
    UpheldObjectionForm,
    ReopeningForm,
    TerminationForm,
)
# The forms that the workflow table names; one view and one template serve them all.
STEP_FORMS: dict[str, type[StepForm]] = {form.__name__: form for form in _FORMS}

__all__ = ["STEP_FORMS", "StepForm", "Upload", *STEP_FORMS]
