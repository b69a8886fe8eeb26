"""Many changes of a few models as one: Django would make all models anew after each of them, for half a minute on a Pi."""

from django.db.migrations import SeparateDatabaseAndState


class Together(SeparateDatabaseAndState):
    """For columns without relations and for indexes, whose order does not matter."""

    def state_forwards(self, app_label, state):
        apps = state.__dict__.pop("apps", None)
        for operation in self.state_operations:
            operation.state_forwards(app_label, state)
        if apps is not None:
            state.__dict__["apps"] = apps
            changed = {operation.model_name_lower for operation in self.state_operations}
            state.reload_models([(app_label, model) for model in sorted(changed)])

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        for operation in self.database_operations:
            operation.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        for operation in reversed(self.database_operations):
            operation.database_backwards(app_label, schema_editor, from_state, to_state)
