from django.db import migrations

# A mark of the ladder changes no index: with room on its page the row is rewritten in place (performance: lists).
ROOM = """
ALTER TABLE renovation_case SET (fillfactor = 85, autovacuum_vacuum_scale_factor = 0.02);
ALTER TABLE renovation_casenode SET (fillfactor = 85, autovacuum_vacuum_scale_factor = 0.02);
"""
BACK = """
ALTER TABLE renovation_case RESET (fillfactor, autovacuum_vacuum_scale_factor);
ALTER TABLE renovation_casenode RESET (fillfactor, autovacuum_vacuum_scale_factor);
"""


class Migration(migrations.Migration):
    dependencies = [("renovation", "0002_ladder")]

    operations = [migrations.RunSQL(ROOM, BACK)]
