"""Registers, messages and visits, the ledger; calls point to collector, account and agency instead of naming them."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def _point_to_parties() -> None:
    """Each name in a call becomes an entry that no register has filled yet."""
    day, none = "date(started_at, '+8 hours')", "'[]'"
    if op.get_bind().dialect.name == "postgresql":
        day, none = "(started_at + interval '8 hours')::date", "'[]'::json"
    for statement in (
        f"INSERT INTO agency (name, lines, listed) SELECT agency, {none}, false"  # noqa: S608
        " FROM (SELECT DISTINCT agency FROM call WHERE agency IS NOT NULL) AS named",
        "UPDATE call SET agency_id = (SELECT id FROM agency WHERE name = call.agency)",
        "INSERT INTO collector (staff_no, agency_id, listed)"
        " SELECT DISTINCT collector_no, agency_id, false FROM call WHERE collector_no IS NOT NULL",
        "UPDATE call SET collector_id = (SELECT id FROM collector WHERE staff_no = call.collector_no"
        " AND (agency_id = call.agency_id OR agency_id IS NULL AND call.agency_id IS NULL))",
        "INSERT INTO account (account_no, listed)"
        " SELECT DISTINCT account_no, false FROM call WHERE account_no IS NOT NULL",
        "UPDATE call SET account_id = (SELECT id FROM account WHERE account_no = call.account_no)",
        f"UPDATE call SET day = {day} WHERE started_at IS NOT NULL",  # noqa: S608
    ):
        op.execute(statement)


def _name_parties() -> None:
    for statement in (
        "UPDATE call SET agency = (SELECT name FROM agency WHERE id = call.agency_id)",
        "UPDATE call SET collector_no = (SELECT staff_no FROM collector WHERE id = call.collector_id)",
        "UPDATE call SET account_no = (SELECT account_no FROM account WHERE id = call.account_id)",
    ):
        op.execute(statement)


def upgrade() -> None:
    for table in ("call", "finding", "run"):
        op.execute(f"DROP TABLE IF EXISTS _alembic_tmp_{table}")  # left by an upgrade that was cut off
    op.create_table(
        "agency",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("lines", sa.JSON(), nullable=False),
        sa.Column("listed_on", sa.Date(), nullable=True),
        sa.Column("contact", sa.String(), nullable=True),
        sa.Column("listed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agency")),
        sa.UniqueConstraint("name", name=op.f("uq_agency_name")),
    )
    op.create_table(
        "debtor",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("debtor_no", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("gender", sa.String(), nullable=True),
        sa.Column("phone", sa.LargeBinary(), nullable=True),
        sa.Column("phone_key", sa.String(), nullable=True),
        sa.Column("id_no", sa.LargeBinary(), nullable=True),
        sa.Column("id_key", sa.String(), nullable=True),
        sa.Column("address", sa.String(), nullable=True),
        sa.Column("employer", sa.String(), nullable=True),
        sa.Column("listed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_debtor")),
        sa.UniqueConstraint("debtor_no", name=op.f("uq_debtor_debtor_no")),
    )
    with op.batch_alter_table("debtor", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_debtor_id_key"), ["id_key"], unique=False)
        batch_op.create_index(batch_op.f("ix_debtor_phone_key"), ["phone_key"], unique=False)

    op.create_table(
        "key_mark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_key_mark")),
    )
    op.create_table(
        "ledger_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("rule", sa.String(32), nullable=False),
        sa.Column("checked", sa.Integer(), nullable=False),
        sa.Column("no_data", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "rule", name=op.f("pk_ledger_day")),
    )
    op.create_table(
        "ledger_state",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("limits", sa.String(), nullable=False),
        sa.Column("due_from", sa.Date(), nullable=True),
        sa.Column("marks", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_state")),
    )
    op.create_table(
        "policy",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("policy_no", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=True),
        sa.Column("responsible", sa.String(), nullable=True),
        sa.Column("effective_on", sa.Date(), nullable=True),
        sa.Column("next_review", sa.Date(), nullable=True),
        sa.Column("document", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy")),
        sa.UniqueConstraint("policy_no", name=op.f("uq_policy_policy_no")),
    )
    op.create_table(
        "account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_no", sa.String(), nullable=False),
        sa.Column("debtor_id", sa.Integer(), nullable=True),
        sa.Column("lender", sa.String(), nullable=True),
        sa.Column("product", sa.String(), nullable=True),
        sa.Column("principal", sa.Numeric(precision=18, scale=2), nullable=True),
        sa.Column("currency", sa.String(), nullable=True),
        sa.Column("overdue_since", sa.Date(), nullable=True),
        sa.Column("days_overdue", sa.Integer(), nullable=True),
        sa.Column("interest_rate", sa.Numeric(precision=10, scale=6), nullable=True),
        sa.Column("listed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["debtor_id"], ["debtor.id"], name=op.f("fk_account_debtor_id_debtor")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("account_no", name=op.f("uq_account_account_no")),
    )
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_account_debtor_id"), ["debtor_id"], unique=False)

    op.create_table(
        "agreement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("debtor_id", sa.Integer(), nullable=False),
        sa.Column("start", sa.Time(), nullable=False),
        sa.Column("end", sa.Time(), nullable=False),
        sa.Column("agreed_on", sa.Date(), nullable=False),
        sa.Column("evidence", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["debtor_id"], ["debtor.id"], name=op.f("fk_agreement_debtor_id_debtor")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement")),
        sa.UniqueConstraint(
            "debtor_id", "start", "end", "agreed_on", name=op.f("uq_agreement_debtor_id_start_end_agreed_on")
        ),
    )
    op.create_table(
        "collector",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("staff_no", sa.String(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("team", sa.String(), nullable=True),
        sa.Column("hired_on", sa.Date(), nullable=True),
        sa.Column("certified_until", sa.Date(), nullable=True),
        sa.Column("phone", sa.LargeBinary(), nullable=True),
        sa.Column("phone_key", sa.String(), nullable=True),
        sa.Column("listed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_collector_agency_id_agency")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_collector")),
        sa.UniqueConstraint("staff_no", "agency_id", name=op.f("uq_collector_staff_no_agency_id")),
    )
    with op.batch_alter_table("collector", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_collector_phone_key"), ["phone_key"], unique=False)

    op.create_table(
        "contact_person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("debtor_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("relation", sa.String(), nullable=False),
        sa.Column("phone", sa.LargeBinary(), nullable=True),
        sa.Column("phone_key", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=True),
        sa.Column("stop_since", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["debtor_id"], ["debtor.id"], name=op.f("fk_contact_person_debtor_id_debtor")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_person")),
        sa.UniqueConstraint("debtor_id", "name", "phone_key", name=op.f("uq_contact_person_debtor_id_name_phone_key")),
    )
    with op.batch_alter_table("contact_person", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contact_person_phone_key"), ["phone_key"], unique=False)

    op.create_table(
        "assignment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("assigned_on", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_assignment_account_id_account")),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_assignment_agency_id_agency")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
        sa.UniqueConstraint(
            "account_id", "agency_id", "assigned_on", name=op.f("uq_assignment_account_id_agency_id_assigned_on")
        ),
    )
    op.create_table(
        "ledger_result",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(32), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("verdict", sa.String(32), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("calls", sa.JSON(), nullable=False),
        sa.Column("messages", sa.JSON(), nullable=False),
        sa.Column("visits", sa.JSON(), nullable=False),
        sa.Column("limit", sa.Float(), nullable=True),
        sa.Column("counted", sa.Float(), nullable=False),
        sa.Column("why", sa.JSON(), nullable=False),
        sa.Column("limits", sa.String(), nullable=False),
        sa.Column("standing", sa.Boolean(), nullable=False),
        sa.Column("found_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_ledger_result_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_result")),
        sa.UniqueConstraint(
            "rule", "scope", "day", "verdict", "limits", name=op.f("uq_ledger_result_rule_scope_day_verdict_limits")
        ),
    )
    with op.batch_alter_table("ledger_result", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ledger_result_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_ledger_result_day"), ["day"], unique=False)

    op.create_table(
        "message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("collector_id", sa.Integer(), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("number", sa.LargeBinary(), nullable=True),
        sa.Column("number_key", sa.String(), nullable=True),
        sa.Column("relation", sa.String(), nullable=True),
        sa.Column("channel", sa.String(32), nullable=False),
        sa.Column("sent_at", sa.DateTime(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("sender", sa.LargeBinary(), nullable=True),
        sa.Column("sender_key", sa.String(), nullable=True),
        sa.Column("run_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_message_account_id_account")),
        sa.ForeignKeyConstraint(["collector_id"], ["collector.id"], name=op.f("fk_message_collector_id_collector")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint("source", "message_id", name=op.f("uq_message_source_message_id")),
    )
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.create_index("ix_message_account_day", ["account_id", "day"], unique=False)
        batch_op.create_index(batch_op.f("ix_message_collector_id"), ["collector_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_message_day"), ["day"], unique=False)

    op.create_table(
        "visit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("visit_id", sa.String(), nullable=False),
        sa.Column("collectors", sa.JSON(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("place", sa.String(), nullable=True),
        sa.Column("consent", sa.Boolean(), nullable=True),
        sa.Column("recorded", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_visit_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit")),
        sa.UniqueConstraint("visit_id", name=op.f("uq_visit_visit_id")),
    )
    with op.batch_alter_table("visit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_visit_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_visit_day"), ["day"], unique=False)

    op.create_table(
        "stop_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("number_key", sa.String(), nullable=False),
        sa.Column("since", sa.DateTime(), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("at_ms", sa.Integer(), nullable=False),
        sa.Column("quote", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_stop_request_account_id_account")),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_stop_request_call_id_call")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stop_request")),
        sa.UniqueConstraint("call_id", "number_key", name=op.f("uq_stop_request_call_id_number_key")),
    )
    with op.batch_alter_table("stop_request", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stop_request_account_id"), ["account_id"], unique=False)

    with op.batch_alter_table("call", schema=None) as batch_op:
        batch_op.add_column(sa.Column("recording_name", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("collector_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("account_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("agency_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("number", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("number_key", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("line", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("line_key", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("day", sa.Date(), nullable=True))
        batch_op.drop_index(batch_op.f("ix_call_account_no"))
        batch_op.drop_index(batch_op.f("ix_call_collector_no"))
        batch_op.create_index("ix_call_account_started", ["account_id", "started_at"], unique=False)
        batch_op.create_index("ix_call_collector_started", ["collector_id", "started_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_call_day"), ["day"], unique=False)
        batch_op.create_index("ix_call_number_day", ["number_key", "day"], unique=False)
        batch_op.create_index(batch_op.f("ix_call_recording_name"), ["recording_name"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_call_collector_id_collector"), "collector", ["collector_id"], ["id"])
        batch_op.create_foreign_key(batch_op.f("fk_call_agency_id_agency"), "agency", ["agency_id"], ["id"])
        batch_op.create_foreign_key(batch_op.f("fk_call_account_id_account"), "account", ["account_id"], ["id"])

    _point_to_parties()
    with op.batch_alter_table("call", schema=None) as batch_op:
        batch_op.drop_column("collector_no")
        batch_op.drop_column("agency")
        batch_op.drop_column("account_no")

    with op.batch_alter_table("finding", schema=None) as batch_op:
        batch_op.alter_column("segment_id", existing_type=sa.INTEGER(), nullable=True)
        batch_op.alter_column("at_ms", existing_type=sa.INTEGER(), nullable=True)
        batch_op.alter_column("until_ms", existing_type=sa.INTEGER(), nullable=True)

    with op.batch_alter_table("run", schema=None) as batch_op:
        batch_op.add_column(sa.Column("message_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("cues", sa.JSON(), nullable=False, server_default="{}"))
        batch_op.alter_column("call_id", existing_type=sa.INTEGER(), nullable=True)
        batch_op.alter_column("transcript_id", existing_type=sa.INTEGER(), nullable=True)
        batch_op.create_unique_constraint(
            batch_op.f("uq_run_message_id_rule_pack_id_model_relation_day"),
            ["message_id", "rule_pack_id", "model", "relation", "day"],
        )
        batch_op.create_foreign_key(batch_op.f("fk_run_message_id_message"), "message", ["message_id"], ["id"])
        batch_op.create_check_constraint(batch_op.f("ck_run_one_subject"), "(call_id IS NULL) <> (message_id IS NULL)")

    with op.batch_alter_table("run", schema=None) as batch_op:
        batch_op.alter_column("cues", server_default=None)


def downgrade() -> None:
    op.execute("DELETE FROM finding WHERE segment_id IS NULL")
    op.execute("DELETE FROM run WHERE call_id IS NULL")
    with op.batch_alter_table("run", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_run_one_subject"), type_="check")
        batch_op.drop_constraint(batch_op.f("fk_run_message_id_message"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("uq_run_message_id_rule_pack_id_model_relation_day"), type_="unique")
        batch_op.alter_column("transcript_id", existing_type=sa.INTEGER(), nullable=False)
        batch_op.alter_column("call_id", existing_type=sa.INTEGER(), nullable=False)
        batch_op.drop_column("cues")
        batch_op.drop_column("message_id")

    with op.batch_alter_table("finding", schema=None) as batch_op:
        batch_op.alter_column("until_ms", existing_type=sa.INTEGER(), nullable=False)
        batch_op.alter_column("at_ms", existing_type=sa.INTEGER(), nullable=False)
        batch_op.alter_column("segment_id", existing_type=sa.INTEGER(), nullable=False)

    with op.batch_alter_table("call", schema=None) as batch_op:
        batch_op.add_column(sa.Column("account_no", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("agency", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("collector_no", sa.String(), nullable=True))

    _name_parties()
    with op.batch_alter_table("call", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_call_account_id_account"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_call_agency_id_agency"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_call_collector_id_collector"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_call_recording_name"))
        batch_op.drop_index("ix_call_number_day")
        batch_op.drop_index(batch_op.f("ix_call_day"))
        batch_op.drop_index("ix_call_collector_started")
        batch_op.drop_index("ix_call_account_started")
        batch_op.create_index(batch_op.f("ix_call_collector_no"), ["collector_no"], unique=False)
        batch_op.create_index(batch_op.f("ix_call_account_no"), ["account_no"], unique=False)
        batch_op.drop_column("day")
        batch_op.drop_column("line_key")
        batch_op.drop_column("line")
        batch_op.drop_column("number_key")
        batch_op.drop_column("number")
        batch_op.drop_column("agency_id")
        batch_op.drop_column("account_id")
        batch_op.drop_column("collector_id")
        batch_op.drop_column("recording_name")

    with op.batch_alter_table("stop_request", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_stop_request_account_id"))

    op.drop_table("stop_request")
    with op.batch_alter_table("visit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_visit_day"))
        batch_op.drop_index(batch_op.f("ix_visit_account_id"))

    op.drop_table("visit")
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_message_day"))
        batch_op.drop_index(batch_op.f("ix_message_collector_id"))
        batch_op.drop_index("ix_message_account_day")

    op.drop_table("message")
    with op.batch_alter_table("ledger_result", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ledger_result_day"))
        batch_op.drop_index(batch_op.f("ix_ledger_result_account_id"))

    op.drop_table("ledger_result")
    op.drop_table("assignment")
    with op.batch_alter_table("contact_person", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contact_person_phone_key"))

    op.drop_table("contact_person")
    with op.batch_alter_table("collector", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_collector_phone_key"))

    op.drop_table("collector")
    op.drop_table("agreement")
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_account_debtor_id"))

    op.drop_table("account")
    op.drop_table("policy")
    op.drop_table("ledger_state")
    op.drop_table("ledger_day")
    op.drop_table("key_mark")
    with op.batch_alter_table("debtor", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_debtor_phone_key"))
        batch_op.drop_index(batch_op.f("ix_debtor_id_key"))

    op.drop_table("debtor")
    op.drop_table("agency")
