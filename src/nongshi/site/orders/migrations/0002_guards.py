"""The guards of `orders.guards`, in the database itself."""

from typing import Any

from django.db import migrations

from nongshi.site.orders import guards


def put_up(apps: Any, schema_editor: Any) -> None:
    for statement in guards.guards_sql(schema_editor.connection.vendor):
        schema_editor.execute(statement)


def lift(apps: Any, schema_editor: Any) -> None:
    for statement in guards.lift_sql(schema_editor.connection.vendor):
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("orders", "0001_initial")]
    operations = [migrations.RunPython(put_up, lift)]
