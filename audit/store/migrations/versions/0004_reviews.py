"""Reviews, which nobody can change or delete, and what findings, runs and results of the ledger come to by them."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


REVIEWS = "review"
REFUSAL = "reviews are append-only"


def _guard_reviews() -> None:
    """The database itself refuses to change or delete reviews."""
    if op.get_bind().dialect.name == "sqlite":
        for action in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {REVIEWS}_no_{action.lower()} BEFORE {action} ON {REVIEWS} "
                f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION {REVIEWS}_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {REVIEWS}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {REVIEWS} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {REVIEWS}_refuse()"
    )


def upgrade() -> None:
    with op.batch_alter_table("finding", schema=None) as batch_op:
        batch_op.add_column(sa.Column("reviewed_kind", sa.String(32), nullable=True))

    with op.batch_alter_table("run", schema=None) as batch_op:
        batch_op.add_column(sa.Column("reviewed_verdict", sa.String(32), nullable=True))

    with op.batch_alter_table("ledger_result", schema=None) as batch_op:
        batch_op.add_column(sa.Column("state", sa.String(32), nullable=False, server_default="open"))

    op.create_table(
        "review",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("finding_id", sa.Integer(), nullable=True),
        sa.Column("ledger_result_id", sa.Integer(), nullable=True),
        sa.Column("reviewer", sa.String(), nullable=False),
        sa.Column("verdict", sa.String(32), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=True),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("(finding_id IS NULL) <> (ledger_result_id IS NULL)", name=op.f("ck_review_one_subject")),
        sa.CheckConstraint("trim(reason) <> ''", name=op.f("ck_review_with_reason")),
        sa.CheckConstraint("(verdict = 'changed') = (kind IS NOT NULL)", name=op.f("ck_review_kind_if_changed")),
        sa.ForeignKeyConstraint(["finding_id"], ["finding.id"], name=op.f("fk_review_finding_id_finding")),
        sa.ForeignKeyConstraint(
            ["ledger_result_id"], ["ledger_result.id"], name=op.f("fk_review_ledger_result_id_ledger_result")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review")),
    )
    with op.batch_alter_table("review", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_review_finding_id"), ["finding_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_review_ledger_result_id"), ["ledger_result_id"], unique=False)

    _guard_reviews()


def downgrade() -> None:
    with op.batch_alter_table("review", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_review_ledger_result_id"))
        batch_op.drop_index(batch_op.f("ix_review_finding_id"))

    op.drop_table("review")
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"DROP FUNCTION {REVIEWS}_refuse()")
    with op.batch_alter_table("ledger_result", schema=None) as batch_op:
        batch_op.drop_column("state")

    with op.batch_alter_table("run", schema=None) as batch_op:
        batch_op.drop_column("reviewed_verdict")

    with op.batch_alter_table("finding", schema=None) as batch_op:
        batch_op.drop_column("reviewed_kind")
