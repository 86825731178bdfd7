from django.db import migrations

# Σ of the funding lines = 各级政府补助合计, Σ of the payments = 已拨付 (DQ57): judged when the transaction commits, so
# that lines and sums may be written in any order, by whatever program.
SUMS = """
CREATE FUNCTION anju_project_sums() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    pid bigint;
    bad bigint;
BEGIN
    IF TG_TABLE_NAME = 'renovation_renovationproject' THEN
        pid := NEW.id;
    ELSIF TG_OP = 'DELETE' THEN
        pid := OLD.project_id;
    ELSE
        pid := NEW.project_id;
    END IF;
    SELECT p.id INTO bad FROM renovation_renovationproject p WHERE p.id = pid AND (
        p.government_total <> (SELECT coalesce(sum(l.amount), 0) FROM renovation_fundingline l WHERE l.project_id = p.id)
        OR p.paid_total <> (SELECT coalesce(sum(y.amount), 0) FROM renovation_payment y WHERE y.project_id = p.id));
    IF bad IS NOT NULL THEN
        RAISE EXCEPTION 'the sums of project % do not equal its lines and payments', bad
            USING ERRCODE = 'check_violation', CONSTRAINT = 'project_sums';
    END IF;
    RETURN NULL;
END $$;
"""
GUARD = """
CREATE CONSTRAINT TRIGGER project_sums AFTER {when} ON {table}
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION anju_project_sums();
"""
TABLES = {
    "renovation_renovationproject": "INSERT OR UPDATE OF government_total, paid_total",
    "renovation_fundingline": "INSERT OR UPDATE OR DELETE",
    "renovation_payment": "INSERT OR UPDATE OR DELETE",
}


class Migration(migrations.Migration):
    dependencies = [("renovation", "0007_six_more_steps")]

    operations = [
        migrations.RunSQL(SUMS, "DROP FUNCTION anju_project_sums();"),
        *(
            migrations.RunSQL(GUARD.format(table=table, when=when), f"DROP TRIGGER project_sums ON {table};")
            for table, when in TABLES.items()
        ),
    ]
