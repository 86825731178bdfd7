import pytest
from django.contrib import admin
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import RequestFactory
from django.test.utils import isolate_apps

from common.admin import HouseAdmin, sealed_models_are_masked
from common.fields import SealedModel, SealedTextField
from common.paging import EstimatingPaginator

NUMBER = "990101195203140016"

with isolate_apps("common"):

    class Shown(SealedModel):
        """A row with a sealed field, for these tests only."""

        id_number = SealedTextField("身份证号", max_length=18, mask="id_number")

        class Meta:
            app_label = "common"
            db_table = "test_shown"


class Anybody(AnonymousUser):
    def has_perm(self, *arguments):
        return True


class ShownAdmin(HouseAdmin):
    list_display = ["uid", "id_number"]

    def log_change(self, *arguments):
        pass


class ExplicitAdmin(ShownAdmin):
    fields = ["id_number"]


class GroupedAdmin(ShownAdmin):
    fieldsets = [("身份", {"fields": ["id_number"]})]


@pytest.fixture
def row(db):
    with connection.schema_editor() as editor:
        editor.create_model(Shown)
    return Shown.objects.create(id_number=NUMBER)


def asked():
    request = RequestFactory().get("/")
    request.user = Anybody()
    return request


@pytest.mark.parametrize("kind", [ShownAdmin, ExplicitAdmin, GroupedAdmin])
def test_admin_pages_show_the_mask_only(row, kind):
    from django.contrib.admin.helpers import AdminForm

    page = kind(Shown, admin.AdminSite())
    request = asked()
    form = page.get_form(request, row)(instance=row)
    assert "id_number" not in form.fields
    shown = AdminForm(form, page.get_fieldsets(request, row), {}, page.get_readonly_fields(request, row), page)
    lines = [field.contents() for fieldset in shown for line in fieldset for field in line if field.is_readonly]
    assert "990101********0016" in lines
    assert NUMBER not in str(lines)


def test_admin_list_shows_the_mask_only(row):
    from django.contrib.admin.templatetags.admin_list import items_for_result

    page = ShownAdmin(Shown, admin.AdminSite())
    request = asked()
    changes = page.get_changelist_instance(request)
    cells = "".join(items_for_result(changes, row, None))
    assert "990101********0016" in cells
    assert NUMBER not in cells
    assert isinstance(changes.paginator, EstimatingPaginator)
    assert changes.full_result_count is None


def test_check_refuses_an_admin_that_would_open_seals(monkeypatch):
    site = admin.AdminSite()
    monkeypatch.setattr(admin, "site", site)
    site._registry[Shown] = ShownAdmin(Shown, site)
    assert sealed_models_are_masked(None) == []
    site._registry[Shown] = admin.ModelAdmin(Shown, site)
    (error,) = sealed_models_are_masked(None)
    assert error.id == "anju.E001"
