from . import calendar, edit, option, region  # noqa: F401
