"""The design card as a test: contrasts, and one file that names colours and sizes."""

import gzip
import re
from pathlib import Path

import pytest

CSS = Path(__file__).resolve().parents[2] / "static" / "css"
COLOUR = re.compile(r"--([a-z-]+): (#[0-9a-f]{6});")
EVERYBODYS, _, ELDERS = (CSS / "tokens.css").read_text("utf-8").partition(".elder {")
TOKENS, ELDER = dict(COLOUR.findall(EVERYBODYS)), dict(COLOUR.findall(ELDERS.partition("}")[0]))


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, two: str, tokens: dict = TOKENS) -> float:
    high, low = sorted((luminance(tokens[one]), luminance(tokens[two])), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(
    ("text", "ground", "least"),
    [
        ("ink", "card", 15.6),
        ("muted", "card", 6.35),
        ("muted", "ground", 5.9),
        ("primary", "card", 6.6),
        ("primary", "primary-ground", 4.5),
        ("on-primary", "primary", 6.6),
        ("on-primary", "danger", 4.5),
        ("primary-strong", "card", 9.2),
        ("ok", "ok-ground", 5.5),
        ("soft", "soft-ground", 5.8),
        ("warn", "warn-ground", 6.1),
        ("danger", "danger-ground", 5.6),
        ("danger", "card", 4.5),
        ("line", "card", 2.95),
        ("focus", "ink", 9.4),
    ],
)
def test_contrast(text, ground, least):
    assert contrast(text, ground) >= least


ON_CARD = ("ink", "muted", "primary", "primary-strong", "danger")
ON_ITS_GROUND = [(kind, f"{kind}-ground") for kind in ("ok", "soft", "warn", "danger", "primary")]


@pytest.mark.parametrize(
    ("text", "ground"), [*((one, "card") for one in ON_CARD), *ON_ITS_GROUND, ("on-primary", "primary")]
)
def test_contrast_of_the_elders_view(text, ground):
    assert contrast(text, ground, TOKENS | ELDER) >= 7


@pytest.mark.parametrize("sheet", sorted(path.name for path in CSS.glob("*.css") if path.name != "tokens.css"))
def test_only_tokens_name_colours_and_sizes(sheet):
    text = re.sub(r"/\*.*?\*/", "", (CSS / sheet).read_text("utf-8"), flags=re.S)
    text = re.sub(r"@media[^{]*", "", text)
    # The Django admin shows the region picker without our tokens: fallbacks are for it alone.
    text = re.sub(r"var\((--[a-z0-9-]+),[^)]*\)", r"var(\1)", text)
    assert not re.findall(r"#[0-9a-fA-F]{3,8}\b|rgba?\(|\b\d*\.?\d+(?:px|rem|pt|mm|ms|s)\b", text)


def test_villager_sheets_stay_light():
    """Under 18 kB as written (6 on the wire) for what every page needs, under 15 on the wire for all it may load."""
    assert sum((CSS / name).stat().st_size for name in ("tokens.css", "base.css", "villager.css")) < 18_000
    everything = [path for path in CSS.glob("*.css") if path.name != "staff.css"]
    assert sum(len(gzip.compress(path.read_bytes())) for path in everything) < 15_000


def test_every_token_read_is_defined():
    defined = set(re.findall(r"(--[a-z0-9-]+):", (CSS / "tokens.css").read_text("utf-8")))
    read = {
        name for path in CSS.glob("*.css") for name in re.findall(r"var\((--[a-z0-9-]+)\)", path.read_text("utf-8"))
    }
    assert read <= defined
