"""Runs know which model judged beside the rules."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_BEFORE = ["call_id", "transcript_id", "rule_pack_id", "relation", "day"]
_AFTER = ["call_id", "transcript_id", "rule_pack_id", "model", "relation", "day"]


def upgrade() -> None:
    op.execute("DROP TABLE IF EXISTS _alembic_tmp_run")  # left by an upgrade that was cut off
    with op.batch_alter_table("run") as table:
        table.add_column(sa.Column("model", sa.String(), nullable=False, server_default=""))
        table.drop_constraint(op.f("uq_run_" + "_".join(_BEFORE)), type_="unique")
        table.create_unique_constraint(op.f("uq_run_" + "_".join(_AFTER)), _AFTER)
    with op.batch_alter_table("run") as table:
        table.alter_column("model", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("run") as table:
        table.drop_constraint(op.f("uq_run_" + "_".join(_AFTER)), type_="unique")
        table.create_unique_constraint(op.f("uq_run_" + "_".join(_BEFORE)), _BEFORE)
        table.drop_column("model")
