import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import isolate_apps

from common import crypto, keys, rotation
from common.errors import SealBroken
from common.fields import BlindIndexField, SealedModel, SealedTextField
from common.rotation import reseal
from tests.scale import some

ROWS = some(60, 2000)
NUMBERS = ["990101195203140016", "990101197809010223", "990101196507121046"]

with isolate_apps("common"):

    class Turned(SealedModel):
        """A row with sealed fields, for these tests only."""

        id_number = SealedTextField("身份证号", max_length=18)
        id_index = BlindIndexField(source="id_number", kind="id_number")
        note = SealedTextField("备注", blank=True)
        phone = SealedTextField("手机", null=True, blank=True)

        class Meta:
            app_label = "common"
            db_table = "test_turned"


@pytest.fixture
def rows(db, use_keys):
    with connection.schema_editor() as editor:
        editor.create_model(Turned)
    use_keys(1)
    return [Turned.objects.create(id_number=number, phone=None) for number in NUMBERS]


def numbers_of_keys() -> list[int]:
    return [crypto.key_number(seal) for seal in Turned.objects.order_by("pk").values_list("id_number", flat=True)]


@pytest.mark.proof
def test_two_key_versions_live_while_rows_are_written_and_resealed(rows, use_keys, monkeypatch, tried):
    """P-08: three rotations one after the other; between any two batches somebody writes and everybody reads."""
    monkeypatch.setattr(rotation, "BATCH", 7)
    for number in range(ROWS):
        Turned.objects.create(id_number=NUMBERS[number % 3], note=f"note {number}")
    said = dict(Turned.objects.values_list("pk", "id_index"))
    plain, reads = rotation._reseal_row, 0

    def while_people_work(model, row):
        nonlocal reads
        if row.pk % 10 == 0:
            late = Turned.objects.create(id_number=NUMBERS[0])
            said[late.pk] = late.id_index
            assert Turned.objects.get(pk=row.pk).id_number in NUMBERS
            reads += 1
        return plain(model, row)

    monkeypatch.setattr(rotation, "_reseal_row", while_people_work)
    for old, new in ((1, 2), (2, 3), (3, 4)):
        use_keys(new, old, new)
        assert reseal(Turned) > 0
        use_keys(new)  # the old key leaves the ring
        assert all(row.id_number in NUMBERS for row in Turned.objects.all())
        assert set(numbers_of_keys()) == {new}
    assert dict(Turned.objects.values_list("pk", "id_index")) == said
    tried("P-08", 3 * len(said), f"rows sealed anew in three rotations, {reads} writes and reads between", CONTROL)


CONTROL = "test_control_a_key_taken_away_too_early_closes_the_old_rows"


@pytest.mark.proof
def test_control_a_key_taken_away_too_early_closes_the_old_rows(rows, use_keys):
    use_keys(2)
    with pytest.raises(SealBroken, match="sealed with key 1"):
        str(Turned.objects.order_by("pk")[0].id_number)


@pytest.mark.parametrize("batch", [1, 2, 3, 500])
def test_old_seals_are_replaced_and_nothing_else_changes(rows, use_keys, monkeypatch, batch):
    monkeypatch.setattr(rotation, "BATCH", batch)
    use_keys(2, 1, 2)
    before = list(Turned.objects.order_by("pk").values_list("uid", "id_index", "note", "phone"))
    Turned.objects.create(id_number=NUMBERS[0])
    assert numbers_of_keys() == [1, 1, 1, 2]
    assert reseal(Turned) == 3
    assert numbers_of_keys() == [2, 2, 2, 2]
    assert list(Turned.objects.order_by("pk").values_list("uid", "id_index", "note", "phone"))[:3] == before
    use_keys(2)  # the old key is gone, and nobody misses it
    assert [row.id_number for row in Turned.objects.order_by("pk")] == [*NUMBERS, NUMBERS[0]]
    assert reseal(Turned) == 0


def test_command_adds_a_key_to_the_file(monkeypatch, settings, tmp_path, capsys):
    monkeypatch.delenv("ANJU_KEYS", raising=False)
    settings.KEYS_FILE = keys.create_keys(tmp_path / "keys.json")
    call_command("rotate_keys", new_key=True)
    keys.forget()
    assert keys.key_ring().current == 2
    assert "Restart the other processes" in capsys.readouterr().out


@pytest.mark.django_db
def test_command_walks_every_model_with_seals(capsys):
    call_command("rotate_keys")
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(":")[0] for line in lines] == [model._meta.label for model in rotation.sealed_models()]
