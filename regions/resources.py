"""Columns of the work calendar for a year's notice as a sheet (import and export in the admin)."""

import hashlib

from django.core.exceptions import ValidationError
from import_export import fields, resources, widgets
from import_export.formats import base_formats

from regions.actions.calendar import announce
from regions.choices import DayKind
from regions.models import CalendarDay
from regions.queries import find_by_code

_KINDS = {label: value for value, label in DayKind.choices}


class _KindWidget(widgets.CharWidget):
    def clean(self, value, row=None, **kwargs):
        text = str(value or "").strip()
        if text not in _KINDS and text not in _KINDS.values():
            raise ValidationError(f"类型只能是「放假」或「调休上班」，不能是「{text}」")
        return _KINDS.get(text, text)

    def render(self, value, obj=None, **kwargs):
        return dict(DayKind.choices).get(value, "")


class _RegionCodeWidget(widgets.CharWidget):
    def clean(self, value, row=None, **kwargs):
        # Spreadsheets turn codes into numbers and lose nothing but the look: 530128000000.0
        code = str(value or "").strip().removesuffix(".0")
        if not code:
            return None
        region = find_by_code(code)
        if region is None:
            raise ValidationError(f"没有编码为 {code} 的行政区划")
        return region

    def render(self, value, obj=None, **kwargs):
        return value.code if value else ""


class ChineseCsv(base_formats.CSV):
    """CSV as Chinese offices make and open it: saved by Excel in GBK or by others in UTF-8, written with a BOM."""

    def is_binary(self):
        # Bytes come in, so that the encoding is judged here and not by one setting for all.
        return True

    def get_read_mode(self):
        return "rb"

    def create_dataset(self, in_stream, **kwargs):
        try:
            text = in_stream.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = in_stream.decode("gb18030", errors="replace")
        dataset = super().create_dataset(text, **kwargs)
        # The one place that sees the file itself: the audit row of the import names it (decision 29).
        dataset.file_sha256 = hashlib.sha256(in_stream).hexdigest()
        return dataset

    def export_data(self, dataset, **kwargs):
        return ("\ufeff" + super().export_data(dataset, **kwargs)).encode()


class _DayWidget(widgets.DateWidget):
    def clean(self, value, row=None, **kwargs):
        try:
            return super().clean(value, row, **kwargs)
        except (ValueError, ValidationError) as fault:
            raise ValidationError(f"日期要写成 2027-01-31 这样，不能是「{value}」") from fault


class CalendarDayResource(resources.ModelResource):
    """One row a day; a row whose date and region exist already is changed, an equal one is skipped."""

    date = fields.Field(attribute="date", column_name="日期", widget=_DayWidget(format="%Y-%m-%d"))
    kind = fields.Field(attribute="kind", column_name="类型", widget=_KindWidget())
    name = fields.Field(attribute="name", column_name="名称")
    region = fields.Field(attribute="region", column_name="地区编码", widget=_RegionCodeWidget())
    source = fields.Field(attribute="source", column_name="依据")

    class Meta:
        model = CalendarDay
        fields = import_order = export_order = ("date", "kind", "name", "region", "source")
        import_id_fields = ("date", "region")
        skip_unchanged = True
        report_skipped = True
        clean_model_instances = True

    def get_instance(self, instance_loader, row):
        # The default loader looks for region=<code>; the pair (day, region) is what the constraints know.
        day = self.fields["date"].clean(row)
        region = self.fields["region"].clean(row)
        return CalendarDay.objects.filter(date=day, region=region).first()

    def after_import(self, dataset, result, **kwargs):
        changed = result.totals["new"] + result.totals["update"] + result.totals["delete"]
        if changed and not kwargs.get("dry_run"):
            # Rows of several regions may have changed: everybody computes again.
            said = {"file_sha256": getattr(dataset, "file_sha256", ""), **result.totals}
            announce(region=None, by=kwargs.get("user"), changes=said)
