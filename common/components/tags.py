"""The one template library of the house's components; `{% load anju %}` brings it into a page."""

from django import template

register = template.Library()


def component(name: str):
    """Decorator: the function prepares the context of templates/components/<name>.html and is the tag `{% name %}`."""
    return register.inclusion_tag(f"components/{name}.html", name=name)
