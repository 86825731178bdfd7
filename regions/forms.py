"""The region picker as a form field: a cascade of native selects and a search box (packages.md, look.md)."""

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse

from regions.choices import RegionLevel
from regions.models import Region
from regions.picker import Terms, deepest, steps_after
from regions.queries import enabled_counties, is_within, leads_to

NOT_ENABLED = "本县尚未开通网上申请，请联系村委会"
_INCOMPLETE = {
    RegionLevel.PROVINCE: "请选择省（自治区、直辖市）",
    RegionLevel.CITY: "请选择到市（州）",
    RegionLevel.COUNTY: "请选择到县（市、区）",
    RegionLevel.TOWNSHIP: "请选择到乡镇（街道）",
    RegionLevel.VILLAGE: "请选择到行政村",
}
_MOST_IDS = 6


class RegionWidget(forms.Widget):
    """Native selects that appear one after another; without script each submit shows the next one."""

    template_name = "regions/picker.html"
    use_fieldset = True
    terms = Terms()
    within: Region | int | None = None

    def value_from_datadict(self, data, files, name):
        values = data.getlist(name) if hasattr(data, "getlist") else data.get(name)
        return values if isinstance(values, list) else [values]

    def value_omitted_from_data(self, data, files, name):
        return name not in data

    def id_for_label(self, id_):
        return ""

    @property
    def root(self) -> Region | None:
        """The region to choose below, or None for the nation."""
        if self.within is None or isinstance(self.within, Region):
            return self.within
        return Region.objects.get(pk=self.within)

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        root, chosen = self.root, as_region(value)
        if chosen is None or (root and not is_within(chosen.key, root)):
            chosen = root
        fixed = root if root and root.level == self.terms.level else None
        context["widget"].update(
            picker_id=context["widget"]["attrs"].get("id") or name,
            steps=[] if fixed else steps_after(root, chosen, self.terms),
            fixed=fixed,
            children_url=reverse("regions:children"),
            search_url=reverse("regions:search"),
            level=self.terms.level,
            within=root and root.pk,
            case_enabled_only=self.terms.case_enabled_only,
            any_level=self.terms.any_level,
            is_invalid=bool((attrs or {}).get("aria-invalid")),
        )
        return context


class RegionField(forms.Field):
    """A place of the tree; the clean value is a Region of exactly `level` (of any level down to it with any_level).

    `within` (Region or id, may be set on the form's field later) limits the choice to a subtree;
    `case_enabled_only` to counties where people may apply online (decision 19).
    """

    widget = RegionWidget
    default_error_messages = {
        "invalid": "请重新选择地区",
        "outside": "请选择本辖区内的地方",
        "closed": "这个地方已经撤销，请重新选择",
        "not_enabled": NOT_ENABLED,
    }

    def __init__(self, *, level=RegionLevel.VILLAGE, within=None, case_enabled_only=False, any_level=False, **kwargs):
        kwargs.setdefault("label", "所在地区")
        super().__init__(**kwargs)
        self.terms = Terms(RegionLevel(level), case_enabled_only, any_level)
        self.widget.terms = self.terms
        self.within = within

    @property
    def within(self) -> Region | int | None:
        return self.widget.within

    @within.setter
    def within(self, region: Region | int | None) -> None:
        self.widget.within = region

    def prepare_value(self, value):
        return value

    def to_python(self, value) -> Region | None:
        if isinstance(value, Region) or not _ids(value):
            return value if isinstance(value, Region) else self._nothing(value)
        region = deepest(_ids(value))
        if region is None:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return region

    def validate(self, value: Region | None) -> None:
        super().validate(value)
        if value is None:
            return
        if not value.is_effective:
            raise ValidationError(self.error_messages["closed"], code="closed")
        root = self.widget.root
        if root is not None and not is_within(value.key, root):
            raise ValidationError(self.error_messages["outside"], code="outside")
        if self.terms.case_enabled_only and not leads_to(value, list(enabled_counties())):
            raise ValidationError(self.error_messages["not_enabled"], code="not_enabled")
        self._validate_level(value)

    def has_changed(self, initial, data) -> bool:
        before = initial.pk if isinstance(initial, Region) else initial
        after = deepest(_ids(data)) if _ids(data) else None
        return (after and after.pk) != (int(before) if before else None)

    def _validate_level(self, value: Region) -> None:
        depth, wanted = RegionLevel(value.level).depth, self.terms.level.depth
        if depth > wanted or (depth < wanted and not self.terms.any_level):
            raise ValidationError(_INCOMPLETE[self.terms.level], code="incomplete")

    def _nothing(self, value) -> None:
        raw = value if isinstance(value, list) else [value]
        if any(item not in (None, "") for item in raw):
            raise ValidationError(self.error_messages["invalid"], code="invalid")


def as_region(value) -> Region | None:
    """Return the region an initial value, an id or the posted list of ids stands for."""
    if isinstance(value, Region):
        return value
    ids = _ids(value)
    return deepest(ids) if ids else None


def _ids(value) -> list[int]:
    raw = value if isinstance(value, (list, tuple)) else [value]
    numbers = [int(item) for item in raw if str(item).isdecimal() and len(str(item)) < 10]
    return numbers[:_MOST_IDS]
