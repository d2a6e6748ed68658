"""Reports as issued, articles that a person checked, and the feedback to collectors."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def _column(name: str, kind: sa.types.TypeEngine[Any], *, optional: bool = False) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=optional)


def _table(name: str, columns: list[sa.Column[Any]], unique: list[str], *more: sa.Constraint) -> None:
    op.create_table(
        name,
        _column("id", sa.Integer()),
        *columns,
        *more,
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
        sa.UniqueConstraint(*unique, name=op.f(f"uq_{name}_{'_'.join(unique)}")),
    )


def upgrade() -> None:
    text, number, json = sa.String(), sa.Integer(), sa.JSON()
    _table(
        "report",
        [
            *(_column(name, text) for name in ("kind", "subject", "digest", "trail_hash", "made_by")),
            *(_column(name, number) for name in ("version", "trail_seq")),
            _column("made_at", sa.DateTime()),
            _column("draft", sa.Boolean()),
            _column("files", json),
        ],
        ["kind", "subject", "version"],
    )
    _table(
        "article_check",
        [*(_column(name, text) for name in ("title", "article", "checked_by", "source")), _column("at", sa.DateTime())],
        ["title", "article"],
    )
    _table(
        "training_feedback",
        [
            _column("collector_id", number),
            _column("period", text),
            _column("made_at", sa.DateTime()),
            *(_column(name, json) for name in ("findings", "strengths", "points", "quiz", "remeasure_on")),
            _column("coached_on", sa.Date(), optional=True),
            *(_column(name, text, optional=True) for name in ("coach", "answer")),
            _column("acknowledged_at", sa.DateTime(), optional=True),
            _column("quiz_answers", json, optional=True),
            _column("score", sa.Float(), optional=True),
        ],
        ["collector_id", "period"],
        sa.ForeignKeyConstraint(
            ["collector_id"], ["collector.id"], name=op.f("fk_training_feedback_collector_id_collector")
        ),
    )


def downgrade() -> None:
    for table in ("training_feedback", "article_check", "report"):
        op.drop_table(table)
