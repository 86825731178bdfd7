from renovation.forms.acceptance import AcceptanceForm
from renovation.forms.appraisal import AppraisalForm
from renovation.forms.step import StepForm

# The forms that the workflow table names; one view and one template serve them all.
STEP_FORMS: dict[str, type[StepForm]] = {form.__name__: form for form in (AcceptanceForm, AppraisalForm)}

__all__ = ["STEP_FORMS", "AcceptanceForm", "AppraisalForm", "StepForm"]
