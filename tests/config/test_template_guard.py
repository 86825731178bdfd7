import pytest
from django.template import Context, engines

from tests.template_guard import UndefinedVariable


def draw(text, **values):
    return engines["django"].from_string(text).template.render(Context(values))


def test_undefined_variable_fails():
    with pytest.raises(UndefinedVariable, match="nobody"):
        draw("{{ nobody.name }}")


def test_default_says_that_it_may_be_absent():
    assert draw("{{ nobody|default:'无' }}{{ nobody|default:known }}", known="有") == "无有"


def test_question_whether_something_exists_is_allowed():
    assert draw("{% if nobody %}有{% else %}无{% endif %}") == "无"
