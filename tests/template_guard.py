"""An undefined variable in one of our templates is an error; Django itself would draw nothing."""

import inspect
from pathlib import Path

from django.template.base import FilterExpression

PROJECT = Path(__file__).resolve().parents[1]
WITH_DEFAULT = {"default", "default_if_none"}


class UndefinedVariable(AssertionError):
    """A template of ours reads a name that its context does not have."""


class StrictVariable(str):
    """Stands in for `string_if_invalid`: Django formats it with the variable's name exactly when there is no value."""

    def __contains__(self, text):
        return text == "%s"

    def __mod__(self, variable):
        frame = inspect.currentframe().f_back
        expression, context = frame.f_locals.get("self"), frame.f_locals.get("context")
        if isinstance(expression, FilterExpression) and expression.filters:
            function, arguments = expression.filters[0][:2]
            # `|default:` says that the value may be absent; Django skips filters here, so it is done by hand.
            if function.__name__ in WITH_DEFAULT:
                is_variable, value = arguments[0]
                return value.resolve(context) if is_variable else value
        template = _ours(context)
        if template:
            raise UndefinedVariable(f"{template}: {getattr(expression, 'token', variable)} is undefined")
        return ""


def _ours(context) -> str:
    template = getattr(getattr(context, "render_context", None), "template", None)
    origin = str(getattr(getattr(template, "origin", None), "name", ""))
    # A template made from a string in a test is ours too.
    is_third_party = "site-packages" in origin
    return "" if is_third_party else origin or "a template from a string"
