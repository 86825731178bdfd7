"""120 hostile texts (B-T), made from a table of what has broken such systems; none is a real person's."""

HTML = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "<svg/onload=alert(1)>",
    "</textarea><script>alert(1)</script>",
    "' onfocus=alert(1) autofocus='",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<!--",
    "]]>",
    "&lt;script&gt;",
    "&#x3C;script&#x3E;",
    "javascript:alert(1)",
    "＜script＞alert(1)＜/script＞",
)
SQL = (
    "' OR '1'='1",
    "'; DROP TABLE renovation_case; --",
    "1; SELECT pg_sleep(10)",
    "\\",
    "\\'",
    "%",
    "_",
    "%s%s%s",
    "%(limit_value)s",
    "$$; SELECT 1",
    "' UNION SELECT NULL--",
    "/**/",
)
TEMPLATES = (
    "{{7*7}}",
    "{% debug %}",
    "{% include 'settings.py' %}",
    "${7*7}",
    "#{7*7}",
    "{0.__class__}",
    "{label}",
    "%(password)s",
    "<%= 7*7 %>",
    "`id`",
    "$(id)",
    "${jndi:ldap://example/a}",
)
FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://example")', "＝1+1", "\t=1", "\r=1")
WORDS = ("null", "undefined", "None", "NaN", "true", "[object Object]", "-1.5", "0", "1e999", "0x41", "nan", "Infinity")
CONTROLS = (
    "张\x00三",
    "\x00",
    "张\x01三",
    "张\x08\x08三",
    "张\x0b三",
    "张\x1b[31m三",
    "张\x7f三",
    "张\x85三",
    "张\x9b31m三",
    "张\r\nSet-Cookie: a=b",
    "张\r三",
    "张\u2028三",
    "张\u2029三",
    "\ttab\t",
)
INVISIBLE = (
    "张\u202e三",
    "\u202d\u202c",
    "张\u2066三\u2069",
    "张\u200b三",
    "\u200b",
    "张\u200d三",
    "\ufeff张三",
    "张\u00ad三",
    "张\u2060三",
    "张\u180e三",
    "\u3164",
    "张\ufe0f三",
    "张\U000e0041三",
    "张\u061c三",
    "\u115f\u1160",
    "张\ufff9三\ufffb",
    "gpj\u202e.exe",
    "\u2800\u2800",
)
BROKEN = ("张\ud800三", "\udfff", "\udc80abc", "张\ufffd三", "\ufffe", "张\uffff三")
STORMS = (
    "Z" + "\u0300\u0301\u0302\u0303" * 20,
    "张" + "\u0489" * 50,
    "\u0301" * 200,
    "e\u0301",
    "一\u20dd\u20dd\u20dd",
    "ก" + "\u0e47" * 8,
)
HONEST = (
    "𠮷田",
    "王㛃",
    "张䶮",
    "赵\U00031350",
    "〇",
    "买买提·阿卜杜拉·吐尔逊·艾合买提·玉素甫·木合塔尔·阿卜杜热合曼·依明",
    "张",
    "欧阳上官司马诸葛夏侯皇甫尉迟公孙慕容宇文",
    "１２３４５６７８９０Ｘ",
    "99010119520314 0016",
    "３组１２号",
    "墙体开裂，屋面漏雨。\n第二行",
    "   ",
    "\u3000\u3000",
    "👨‍👩‍👧‍👦",
    "🏠",
    "مرحبا",
    "тест",
)  # fmt: skip
LONG = ("字" * 51, "字" * 201, "字" * 1001, "a" * 5000, "𠮷" * 1000, "\n" * 500, " " * 5000 + "张三", "9" * 5000)
HOSTILE = (
    *HTML, *SQL, *TEMPLATES, *FORMULAS, *WORDS, *CONTROLS, *INVISIBLE, *BROKEN, *STORMS, *HONEST, *LONG,
)  # fmt: skip
# One or two of every kind, in every run.
SAMPLE = (
    HTML[1], SQL[1], TEMPLATES[0], FORMULAS[3], WORDS[0], CONTROLS[0], CONTROLS[5], INVISIBLE[0], INVISIBLE[3],
    BROKEN[0], STORMS[0], HONEST[0], LONG[3], LONG[7],
)  # fmt: skip
