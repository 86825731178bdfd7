import copy
import pickle
import uuid

import pytest
from django import forms
from django.apps import apps
from django.contrib.admin.utils import label_for_field
from django.core.exceptions import FieldError, ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.test.utils import isolate_apps

from common import crypto
from common.errors import SealBroken
from common.fields import BlindIndexField, Plain, Sealed, SealedModel, SealedTextField

ONE, TWO = "990101195203140016", "990101197809010223"

with isolate_apps("common"):

    class Holder(SealedModel):
        """A row with sealed fields, for these tests only."""

        id_number = SealedTextField("身份证号", max_length=18, mask="id_number")
        id_index = BlindIndexField(source="id_number", kind="id_number")
        id_tail_index = BlindIndexField(source="id_number", kind="id_number_tail")
        phone = SealedTextField("手机", null=True, blank=True, mask="phone", db_column="tel")
        phone_index = BlindIndexField(source="phone", kind="phone")
        note = SealedTextField("备注", blank=True)
        name = models.CharField(max_length=30, default="")

        class Meta:
            app_label = "common"
            db_table = "test_holder"

    class HeirHolder(Holder):
        """A child table: its inherited seals belong to the parent's table."""

        secret = SealedTextField("口令", blank=True)

        class Meta:
            app_label = "common"
            db_table = "test_heir"

    class HolderForm(forms.ModelForm):
        class Meta:
            model = Holder
            fields = ["id_number", "phone", "note"]


pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _tables(db):
    with connection.schema_editor() as editor:
        editor.create_model(Holder)
        editor.create_model(HeirHolder)


@pytest.fixture
def row():
    return Holder.objects.create(id_number=ONE, phone="15400000001", note="备注")


def stored(row, column="id_number", table="test_holder") -> bytes:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {table} WHERE uid = %s", [row.uid])
        value = cursor.fetchone()[0]
        return None if value is None else bytes(value)


class TestReadingAndWriting:
    def test_the_database_holds_only_seals(self, row):
        with connection.cursor() as cursor:
            cursor.execute("SELECT test_holder::text FROM test_holder")
            dump = cursor.fetchone()[0]
        for secret in (ONE, "15400000001", "备注", ONE.encode().hex(), "备注".encode().hex()):
            assert secret not in dump

    def test_seal_is_bound_to_table_column_and_uid(self, row):
        place = {"table": "test_holder", "uid": row.uid}
        assert crypto.unseal(stored(row), field="id_number", **place) == ONE
        assert crypto.unseal(stored(row, "tel"), field="tel", **place) == "15400000001"

    def test_a_fresh_row_opens(self, row):
        fresh = Holder.objects.get()
        assert (fresh.id_number, fresh.phone, fresh.note) == (ONE, "15400000001", "备注")
        assert (fresh.id_number_masked, fresh.phone_masked, fresh.note_masked) == (
            "990101********0016",
            "154****0001",
            "******",
        )

    def test_reading_leaves_no_plaintext_on_the_row(self, row):
        fresh = Holder.objects.get()
        assert fresh.id_number == ONE
        assert ONE not in repr(vars(fresh))
        assert ONE not in repr(vars(row))

    def test_empty_and_null_stay_apart(self):
        row = Holder.objects.create(id_number=ONE, phone=None)
        fresh = Holder.objects.get()
        assert (fresh.phone, fresh.note, stored(row, "tel"), stored(row, "note")) == (None, "", None, b"")
        assert fresh.phone_masked == ""
        assert Holder.objects.filter(phone__isnull=True).exists()

    def test_deferred_fields_come_when_asked(self, row, django_assert_num_queries):
        fresh = Holder.objects.only("name").get()
        with django_assert_num_queries(1):  # the field together with the uid it is bound to
            assert fresh.id_number == ONE
        fresh = Holder.objects.defer("id_number").get()
        fresh.name = "改"
        fresh.save()
        assert Holder.objects.get().id_number == ONE

    def test_refresh_brings_the_stored_value_back(self, row):
        row.id_number = TWO
        row.refresh_from_db()
        assert row.id_number == ONE
        assert ONE not in repr(vars(row))
        row.save()
        assert Holder.objects.get().id_number == ONE

    def test_only_assigned_values_are_sealed_again(self, row):
        fresh, before = Holder.objects.get(), stored(row)
        fresh.name = "改"
        fresh.save()
        assert stored(row) == before
        fresh.id_number = TWO
        fresh.save()
        assert Holder.objects.get().id_number == TWO

    def test_bulk_create_seals(self):
        Holder.objects.bulk_create(Holder(id_number=number) for number in (ONE, TWO))
        assert sorted(row.id_number for row in Holder.objects.all()) == [ONE, TWO]
        assert Holder.objects.get(id_index=crypto.blind_index("id_number", TWO)).id_number == TWO

    def test_update_is_refused(self, row):
        for value in (ONE, b"raw", ""):
            with pytest.raises(TypeError, match="update"), transaction.atomic():
                Holder.objects.update(id_number=value)
        row.id_number = TWO
        with pytest.raises(TypeError, match="update"), transaction.atomic():
            Holder.objects.bulk_update([row], ["id_number"])
        assert Holder.objects.get().id_number == ONE

    def test_values_are_opaque(self, row):
        (value,) = Holder.objects.values_list("id_number", flat=True)
        assert isinstance(value, Sealed)
        assert (repr(value), str(value), f"{value}") == ("<已加密>", "<已加密>", "<已加密>")

    @pytest.mark.parametrize("lookup", ["id_number", "id_number__in", "id_number__contains", "id_number__startswith"])
    def test_searching_the_seal_is_a_mistake_of_ours(self, row, lookup):
        with pytest.raises(FieldError):
            Holder.objects.filter(**{lookup: [ONE]}).exists()

    @pytest.mark.parametrize("value", [12, 1.5, b"raw", ["x"], object()])
    def test_only_text_is_taken(self, value):
        with pytest.raises(TypeError, match="takes text"):
            Holder(id_number=value)


class TestTampering:
    def test_seal_moved_to_another_row_does_not_open(self, row):
        Holder.objects.create(id_number=TWO)
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE test_holder SET id_number = (SELECT id_number FROM test_holder WHERE uid = %s)", [row.uid]
            )
        victim = Holder.objects.exclude(pk=row.pk).get()
        with pytest.raises(SealBroken, match=r"test_holder\.id_number"):
            _ = victim.id_number
        with pytest.raises(SealBroken):
            _ = victim.id_number_masked
        assert Holder.objects.get(pk=row.pk).id_number == ONE

    def test_seal_moved_to_another_column_does_not_open(self, row):
        with connection.cursor() as cursor:
            cursor.execute("UPDATE test_holder SET note = id_number")
        with pytest.raises(SealBroken):
            _ = Holder.objects.get().note

    def test_a_row_with_a_broken_seal_can_still_be_saved_and_mended(self, row):
        with connection.cursor() as cursor:
            cursor.execute("UPDATE test_holder SET id_number = %s", [b"\x01" * 40])
        broken = Holder.objects.get()
        broken.name = "改"
        broken.save()
        broken.id_number = TWO
        broken.save()
        assert Holder.objects.get().id_number == TWO


class TestUid:
    def test_is_there_before_the_insert(self):
        assert isinstance(Holder(id_number=ONE).uid, uuid.UUID)

    def test_seals_follow_a_new_uid(self, row):
        fresh = Holder.objects.get()
        fresh.pk, fresh.uid = None, uuid.uuid4()
        fresh.save(force_insert=True)
        assert Holder.objects.get(pk=fresh.pk).id_number == ONE
        assert Holder.objects.get(pk=fresh.pk).phone == "15400000001"

    def test_given_as_text_is_the_same_uid(self, row):
        fresh = Holder.objects.get()
        fresh.uid = str(row.uid).upper()
        fresh.save()
        assert Holder.objects.get().id_number == ONE

    def test_seals_that_were_deferred_follow_too(self, row):
        fresh = Holder.objects.defer("id_number").get()
        fresh.uid = uuid.uuid4()
        fresh.save()
        assert Holder.objects.get().id_number == ONE

    def test_a_copy_keeping_the_uid_is_refused_by_the_database(self, row):
        twin = Holder.objects.get()
        twin.pk = None
        with pytest.raises(IntegrityError), transaction.atomic():
            twin.save(force_insert=True)


class TestInheritance:
    def test_inherited_seals_belong_to_the_table_that_holds_them(self):
        heir = HeirHolder.objects.create(id_number=ONE, secret="口令")
        assert crypto.unseal(stored(heir), table="test_holder", field="id_number", uid=heir.uid) == ONE
        assert (HeirHolder.objects.get().id_number, HeirHolder.objects.get().secret) == (ONE, "口令")
        assert Holder.objects.get().id_number == ONE


class TestBlindIndex:
    def test_finds_the_row_by_the_whole_and_by_the_tail(self, row):
        assert Holder.objects.get(id_index=crypto.blind_index("id_number", " 99010119520314 0016")) == row
        assert Holder.objects.get(id_tail_index=crypto.blind_index("id_number_tail", "140016")) == row
        assert Holder.objects.get(phone_index=crypto.blind_index("phone", "154 0000 0001")) == row

    def test_follows_its_source(self, row):
        row.id_number, row.phone = TWO, None
        row.save()
        fresh = Holder.objects.get()
        assert fresh.id_index == crypto.blind_index("id_number", TWO)
        assert fresh.phone_index == ""

    def test_is_written_with_update_fields(self, row):
        row.id_number = TWO
        row.save(update_fields=["id_number"])
        assert Holder.objects.get().id_index == crypto.blind_index("id_number", TWO)

    def test_is_written_when_it_was_deferred(self, row):
        fresh = Holder.objects.only("id_number", "uid").get()
        fresh.id_number = TWO
        fresh.save()
        assert Holder.objects.get().id_index == crypto.blind_index("id_number", TWO)

    def test_is_left_alone_while_its_source_is(self, row, monkeypatch):
        fresh = Holder.objects.get()
        monkeypatch.setattr(crypto, "blind_index", lambda *a: pytest.fail("recomputed"))
        fresh.name = "改"
        fresh.save()


class TestCopiesAndPickles:
    @pytest.fixture(autouse=True)
    def _known_to_pickle(self, monkeypatch):
        monkeypatch.setitem(apps.all_models["common"], "holder", Holder)

    def test_pickle_of_an_unsaved_row_holds_no_plaintext(self):
        unsaved = Holder(id_number=ONE, phone="15400000001", note="备注")
        pickled = pickle.dumps(unsaved)
        for secret in (ONE, "15400000001", "备注"):
            assert secret.encode() not in pickled
        pickle.loads(pickled).save()
        assert Holder.objects.get().id_number == ONE
        assert Holder.objects.get().id_index == crypto.blind_index("id_number", ONE)

    @pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy])
    def test_copies_read_the_same(self, row, copied):
        assert copied(row).id_number == ONE
        assert copied(Holder(id_number=TWO)).id_number == TWO

    def test_plaintext_itself_is_not_pickled(self):
        with pytest.raises(TypeError, match="not pickled"):
            pickle.dumps(Plain(ONE))
        assert ONE not in repr(Plain(ONE))

    def test_serialised_rows_are_opaque_and_come_back(self, row):
        field = Holder._meta.get_field("id_number")
        text = field.value_to_string(Holder.objects.get())
        assert ONE not in text
        again = Holder(uid=row.uid, id_number=field.to_python(text))
        assert again.id_number == ONE


class TestForms:
    def test_form_field_is_plain_text_of_the_right_length(self):
        field = HolderForm().fields["id_number"]
        assert type(field) is forms.CharField
        assert field.max_length == 18

    def test_form_shows_and_saves_the_value(self, row):
        form = HolderForm({"id_number": TWO, "phone": "", "note": "新"}, instance=Holder.objects.get())
        assert form.initial["id_number"] == ONE
        assert form.is_valid(), form.errors
        form.save()
        fresh = Holder.objects.get()
        assert (fresh.id_number, fresh.phone, fresh.note) == (TWO, None, "新")
        assert fresh.id_index == crypto.blind_index("id_number", TWO)

    def test_too_long_or_missing_is_a_form_error(self):
        assert "id_number" in HolderForm({"id_number": "1" * 19}).errors
        assert "id_number" in HolderForm({"id_number": ""}).errors
        with pytest.raises(ValidationError):
            Holder(id_number="1" * 19).full_clean()
        with pytest.raises(ValidationError):
            Holder().full_clean()


def test_masked_column_carries_the_field_label():
    assert label_for_field("id_number_masked", Holder) == "身份证号"


def test_migrations_can_rebuild_the_fields():
    for field in Holder._meta.local_fields:
        _, path, args, kwargs = field.deconstruct()
        rebuilt = type(field)(*args, **kwargs)
        assert rebuilt.deconstruct()[1:] == (path, args, kwargs)
    _, _, _, kwargs = Holder._meta.get_field("phone").deconstruct()
    assert kwargs == {"verbose_name": "手机", "null": True, "blank": True, "db_column": "tel"}
