"""Components: one template each in templates/components/; a signature documents its variables and their defaults."""

from common.components import lists, page, posting, records, state
from common.components.records import groups_of_four, groups_of_phone
from common.components.state import due_phrase, grade_tag, tag
from common.components.tags import register

__all__ = [
    "due_phrase",
    "grade_tag",
    "groups_of_four",
    "groups_of_phone",
    "lists",
    "page",
    "posting",
    "records",
    "register",
    "state",
    "tag",
]
