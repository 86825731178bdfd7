"""Full ID and mobile numbers in whatever text: what must stand nowhere but in the answer to an explicit look (P-01)."""

import html
import re

from django.db import connection
from stdnum.cn import ric

# Set in groups for the eye, a number is still a number.
GAPS = re.compile(r"(?<=\d)(?:\s|&nbsp;|<wbr>|</?span[^>]*>){1,3}(?=[\dXx])")
ID_NUMBER = re.compile(r"(?<![0-9A-Za-z])[1-9]\d{5}(?:19|20)\d{9}[\dXx](?![0-9A-Za-z])")
PHONE = re.compile(r"(?<![0-9A-Za-z.\-])1[3-9]\d{9}(?![0-9A-Za-z])")
IN_TABLES = r"(^|[^0-9A-Za-z])([1-9][0-9]{5}(19|20)[0-9]{9}[0-9Xx]|1[3-9][0-9]{9})([^0-9A-Za-z]|$)"


def numbers_in(text: str) -> set[str]:
    """Every valid ID number and every mobile number in the text."""
    text = GAPS.sub("", html.unescape(text))
    found = {one for one in ID_NUMBER.findall(text) if ric.calc_check_digit(one.upper()) == one[17].upper()}
    return found | set(PHONE.findall(text))


def tables_with_numbers() -> dict[str, str]:
    """Tables with a row that shows a number in clear, with the number's surroundings: what a dump would tell."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT row::text FROM {table} row WHERE row::text ~ %s LIMIT 1", [IN_TABLES])
            if hit := cursor.fetchone():
                found[table] = hit[0][:300]
    return found
