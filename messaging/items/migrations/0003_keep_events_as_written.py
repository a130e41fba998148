"""Let an event take its number and digest once, and let nothing else of it change; only a purge deletes it.

A purge first moves the signed end of the purged beginning on; what lies behind that end may go.

SQLite drops the triggers of a table that a later migration makes anew: that one has to call `keep_events` again.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

KEPT = ("id", "at", "organization_id", "user_id", "item_id", "participant_id", "kind", "facts", "commitments")
REFUSED = "an event is never changed, and deleted by a purge alone"
MAY_GO = """EXISTS (
    SELECT 1 FROM items_chainhead
    WHERE items_chainhead.organization_id = OLD.organization_id AND items_chainhead.purged_number >= OLD.number
)"""


def keep_events(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Make the triggers of this database."""
    for statement in _postgresql() if schema_editor.connection.vendor == "postgresql" else _sqlite():
        schema_editor.execute(statement)


def release_events(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Take the triggers away."""
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    table = " ON items_event" if is_postgresql else ""
    for trigger in ("items_event_unchanged", "items_event_undeleted"):
        schema_editor.execute(f"DROP TRIGGER {trigger}{table}")
    if is_postgresql:
        schema_editor.execute("DROP FUNCTION items_event_refused()")


def _postgresql() -> list[str]:
    same = " AND ".join(f"OLD.{column} IS NOT DISTINCT FROM NEW.{column}" for column in KEPT)
    refuse = "FOR EACH ROW WHEN ({condition}) EXECUTE FUNCTION items_event_refused()"
    return [
        f"""CREATE FUNCTION items_event_refused() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND {MAY_GO} THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION '{REFUSED}' USING ERRCODE = 'integrity_constraint_violation';
END $$""",
        "CREATE TRIGGER items_event_unchanged BEFORE UPDATE ON items_event "
        + refuse.format(condition=f"NOT ({_first_placing()} AND {same})"),
        "CREATE TRIGGER items_event_undeleted BEFORE DELETE ON items_event "
        "FOR EACH ROW EXECUTE FUNCTION items_event_refused()",
    ]


def _sqlite() -> list[str]:
    same = " AND ".join(f"OLD.{column} IS NEW.{column}" for column in KEPT)
    refuse = f"BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
    return [
        "CREATE TRIGGER items_event_unchanged BEFORE UPDATE ON items_event "
        f"WHEN NOT ({_first_placing()} AND {same}) {refuse}",
        f"CREATE TRIGGER items_event_undeleted BEFORE DELETE ON items_event WHEN NOT {MAY_GO} {refuse}",
    ]


def _first_placing() -> str:
    """Return the condition under which number and digest go from empty to set."""
    return "OLD.number IS NULL AND OLD.digest IS NULL AND NEW.number IS NOT NULL AND NEW.digest IS NOT NULL"


class Migration(migrations.Migration):
    dependencies = [
        ("items", "0002_sign_ends_of_chains"),
    ]

    operations = [migrations.RunPython(keep_events, release_events)]
