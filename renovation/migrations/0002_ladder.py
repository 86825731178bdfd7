from django.db import migrations

# code, working days from the due date (empty = the step's own warning), who is told (domain §14.2, N40, N41)
RUNGS = (
    ("before", None, "unit"),
    ("due", 0, "unit"),
    ("plus_1", 1, "both"),
    ("plus_3", 3, "above"),
)


def seed(apps, schema_editor):
    rungs = apps.get_model("renovation", "LadderRung").objects
    for order, (code, offset, target) in enumerate(RUNGS, start=1):
        rungs.get_or_create(code=code, defaults={"offset": offset, "target": target, "order": order})


class Migration(migrations.Migration):
    dependencies = [("renovation", "0001_initial")]

    operations = [migrations.RunPython(seed, migrations.RunPython.noop, elidable=False)]
