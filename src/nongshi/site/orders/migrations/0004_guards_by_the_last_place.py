from typing import Any

from django.db import migrations

from nongshi.site.orders.guards import guards_sql, lift_sql


def anew(apps: Any, editor: Any) -> None:
    """Put SQLite's guards up as they are written now; PostgreSQL's are as they were."""
    if editor.connection.vendor == "sqlite":
        for statement in (*lift_sql("sqlite"), *guards_sql("sqlite")):
            editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("orders", "0003_tracks_and_fuel")]

    operations = [migrations.RunPython(anew, migrations.RunPython.noop)]
