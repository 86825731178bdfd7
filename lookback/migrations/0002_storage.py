from django.db import migrations

# Room on the page for the next version of a row: a total is written again at every fold, a record at every save.
SET = """
ALTER TABLE lookback_lookbacktotal SET (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.01);
ALTER TABLE lookback_lookbackrecord SET (fillfactor = 85, autovacuum_vacuum_scale_factor = 0.02);
ALTER TABLE lookback_lookbackchange SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 10000);
"""
RESET = """
ALTER TABLE lookback_lookbacktotal RESET (fillfactor, autovacuum_vacuum_scale_factor);
ALTER TABLE lookback_lookbackrecord RESET (fillfactor, autovacuum_vacuum_scale_factor);
ALTER TABLE lookback_lookbackchange RESET (autovacuum_vacuum_scale_factor, autovacuum_vacuum_threshold);
"""


class Migration(migrations.Migration):
    dependencies = [("lookback", "0001_initial")]
    operations = [migrations.RunSQL(SET, RESET)]
