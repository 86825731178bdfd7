from django.db import migrations

# The second lock behind the missing UPDATE right of the application's role (reliability §3.6): whoever is not
# a superuser who switches triggers off cannot change the trail, and who is one is found by verify_audit.
REFUSE = """
CREATE FUNCTION anju_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit trail is append-only (%)', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
"""
TABLES = ("accounts_auditentry", "accounts_auditlink", "accounts_unmasklog")
GUARD = """
CREATE TRIGGER append_only_rows BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION anju_refuse_change();
CREATE TRIGGER append_only_table BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION anju_refuse_change();
"""
UNGUARD = "DROP TRIGGER append_only_rows ON {table}; DROP TRIGGER append_only_table ON {table};"

# An account's level is its unit's level: the pair points at the unit's pair, so neither side can drift.
LEVELS = """
ALTER TABLE accounts_user ADD CONSTRAINT user_level_is_office_level
    FOREIGN KEY (office_id, level) REFERENCES accounts_office (id, level) DEFERRABLE INITIALLY IMMEDIATE;
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [
        migrations.RunSQL(REFUSE, "DROP FUNCTION anju_refuse_change();"),
        *(migrations.RunSQL(GUARD.format(table=table), UNGUARD.format(table=table)) for table in TABLES),
        migrations.RunSQL(LEVELS, "ALTER TABLE accounts_user DROP CONSTRAINT user_level_is_office_level;"),
    ]
