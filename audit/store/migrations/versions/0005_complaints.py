"""Complaints: cases, events that nobody can change, time limits, evidence; and indexes for what they are found by."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


EVENTS = "complaint_event"
REFUSAL = "events of a complaint are append-only"
_LOOKED_UP = {"debtor": "name", "contact_person": "name", "account": "lender", "message": "number_key"}
_SUBJECTS = ("call", "message", "ledger_result", "finding")


def _guard_events() -> None:
    """The database itself refuses to change or delete events."""
    if op.get_bind().dialect.name == "sqlite":
        for action in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {EVENTS}_no_{action.lower()} BEFORE {action} ON {EVENTS} "
                f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION {EVENTS}_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {EVENTS}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {EVENTS} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {EVENTS}_refuse()"
    )


def _index(table: str, *columns: str) -> None:
    for column in columns:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)


def _key(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))


def upgrade() -> None:
    op.create_table(
        "complaint",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("channel_written", sa.String(), nullable=False),
        sa.Column("external_ref", sa.String(), nullable=True),
        sa.Column("type", sa.String(32), nullable=False),
        sa.Column("received_at", sa.DateTime(), nullable=False),
        sa.Column("complainant", sa.LargeBinary(), nullable=True),
        sa.Column("complainant_key", sa.String(), nullable=True),
        sa.Column("phone", sa.LargeBinary(), nullable=True),
        sa.Column("phone_key", sa.String(), nullable=True),
        sa.Column("authority", sa.String(32), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("text_digest", sa.String(), nullable=False),
        sa.Column("debtor_id", sa.Integer(), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("collectors", sa.JSON(), nullable=False),
        sa.Column("corrections", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("handler", sa.String(), nullable=True),
        sa.Column("escalated_to", sa.String(), nullable=True),
        sa.Column("repeat_of", sa.Integer(), nullable=True),
        sa.Column("group_label", sa.String(), nullable=True),
        sa.Column("representatives", sa.Integer(), nullable=True),
        sa.Column("people", sa.Integer(), nullable=True),
        sa.Column("major", sa.Boolean(), nullable=False),
        sa.Column("substantiated", sa.String(32), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("remedies", sa.JSON(), nullable=False),
        sa.Column("redress", sa.JSON(), nullable=False),
        sa.Column("compensation", sa.Numeric(precision=18, scale=2), nullable=True),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        sa.Column("closed_at", sa.DateTime(), nullable=True),
        sa.Column("satisfaction", sa.String(32), nullable=False),
        sa.Column("satisfaction_on", sa.Date(), nullable=True),
        sa.Column("business", sa.String(), nullable=False),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("business_channel", sa.String(), nullable=False),
        sa.Column("assignment_notice_on", sa.Date(), nullable=True),
        _key("complaint", "debtor_id", "debtor"),
        _key("complaint", "account_id", "account"),
        _key("complaint", "repeat_of", "complaint"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint")),
        sa.UniqueConstraint("number", name=op.f("uq_complaint_number")),
        sa.UniqueConstraint("channel", "external_ref", name=op.f("uq_complaint_channel_external_ref")),
    )
    _index("complaint", "received_at", "complainant_key", "phone_key", "text_digest", "debtor_id", "account_id")
    _index("complaint", "state", "repeat_of", "group_label", "closed_at")
    op.create_table(
        "complaint_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("blob", sa.String(), nullable=True),
        sa.Column("sha256", sa.String(), nullable=True),
        sa.Column("file_name", sa.String(), nullable=True),
        _key("complaint_event", "complaint_id", "complaint"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint_event")),
    )
    _index("complaint_event", "complaint_id")
    op.create_table(
        "deadline",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("started_at", sa.DateTime(), nullable=False),
        sa.Column("due_at", sa.DateTime(), nullable=False),
        sa.Column("unit", sa.String(32), nullable=False),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("warn_on", sa.JSON(), nullable=False),
        sa.Column("met_at", sa.DateTime(), nullable=True),
        sa.Column("extensions", sa.JSON(), nullable=False),
        sa.Column("paused", sa.Boolean(), nullable=False),
        _key("deadline", "complaint_id", "complaint"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadline")),
        sa.UniqueConstraint(
            "complaint_id", "rule", "started_at", name=op.f("uq_deadline_complaint_id_rule_started_at")
        ),
    )
    _index("deadline", "due_at")
    op.create_table(
        "evidence_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        *(sa.Column(f"{subject}_id", sa.Integer(), nullable=True) for subject in _SUBJECTS),
        sa.Column("kind", sa.String(32), nullable=True),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.CheckConstraint(
            " + ".join(f"(CASE WHEN {subject}_id IS NULL THEN 0 ELSE 1 END)" for subject in _SUBJECTS) + " = 1",
            name=op.f("ck_evidence_link_one_subject"),
        ),
        _key("evidence_link", "complaint_id", "complaint"),
        *(_key("evidence_link", f"{subject}_id", subject) for subject in _SUBJECTS),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_link")),
        *(
            sa.UniqueConstraint(
                "complaint_id", f"{subject}_id", name=op.f(f"uq_evidence_link_complaint_id_{subject}_id")
            )
            for subject in _SUBJECTS
        ),
    )
    _index("evidence_link", "call_id", "message_id")
    _guard_events()
    for table, column in _LOOKED_UP.items():
        _index(table, column)
    op.drop_index(op.f("ix_message_collector_id"), "message")
    op.create_index("ix_message_collector_sent", "message", ["collector_id", "sent_at"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_message_collector_sent", "message")
    _index("message", "collector_id")
    for table, column in _LOOKED_UP.items():
        op.drop_index(op.f(f"ix_{table}_{column}"), table)
    for table in ("evidence_link", "deadline", "complaint_event", "complaint"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"DROP FUNCTION {EVENTS}_refuse()")
