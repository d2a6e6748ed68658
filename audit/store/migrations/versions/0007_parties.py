"""What is known of who speaks where in a call."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("call", sa.Column("collector_channel", sa.String(32)))
    op.add_column("call", sa.Column("speakers", sa.Integer()))


def downgrade() -> None:
    op.drop_column("call", "speakers")
    op.drop_column("call", "collector_channel")
