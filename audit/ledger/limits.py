"""The limits of contact as dated data: `limits/*.yaml`, which people edit who do not program."""

import hashlib
from collections.abc import Iterator
from datetime import date, time
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Generic, Literal, TypeVar

import yaml
from pydantic import Field, ValidationError

from audit.ledger.models import RuleId
from audit.settings import settings
from classifiers import RulePack, load_pack
from classifiers.detectors import Part
from classifiers.errors import BadInput, first_mistake
from classifiers.rules import Bilingual, Citation, Dated, LawText
from classifiers.taxonomy import Kind, Severity

SHIPPED = Path(__file__).parent / "limits"
_REMEDY = "see docs/limits.md"


class Limit(Dated):
    """What a rule asks in those days, by which articles, and where that was taken from."""

    laws: tuple[Citation, ...] = ()
    source: str


class QuietHours(Limit):
    """No contact from `start` to `end` (not part of it), local time, unless agreed; not by the channels left out."""

    start: time
    end: time
    not_by: tuple[str, ...] = ()


class Counted(Limit):
    """At most so many calls in so many local days, for each debtor and lender, account or number.

    `to` narrows it to calls to the debtor; `pause_days` asks for that many days without a call after a talk.
    """

    at_most: int = Field(ge=0)
    days: int = Field(default=1, ge=1)
    per: Literal["lender", "account", "number"]
    connected: bool
    to: Literal["anyone", "debtor"] = "anyone"
    pause_days: int = Field(default=0, ge=0)


class ThirdPersons(Limit):
    """When a debtor counts as lost; relations that are bound like the debtor; codes of a dead number or debtor."""

    failed_in_a_row: int = Field(ge=1)
    days_running: int = Field(ge=1)
    like_debtor: tuple[str, ...]
    invalid_number: tuple[str, ...]
    deceased: tuple[str, ...]


class Dispositions(Limit):
    """Codes that go with no talk, that need talk, and that deny the debtor; a denial is doubted from `long_talk_s` on,
    and belied by `debt_lines` lines of a recording in which the debt is put to the one who answers.
    """

    without_talk: tuple[str, ...]
    with_talk: tuple[str, ...]
    somebody_else: tuple[str, ...]
    long_talk_s: int
    debt_lines: int


class VisitReasons(Part):
    """What may be wrong with a visit, or is not registered, in words."""

    nobody: Bilingual
    few: Bilingual
    many: Bilingual
    not_recorded: Bilingual
    recorded_unknown: Bilingual
    entered: Bilingual
    consent_unknown: Bilingual
    again: Bilingual
    early: Bilingual


class Visits(Limit):
    """How many go, how often a day, from which day overdue on, and words for places that need consent."""

    at_least: int
    at_most: int
    a_day: int
    from_days_overdue: int
    private_places: tuple[str, ...]
    reasons: VisitReasons


class RateCap(Limit):
    """The cap of the rule pack's `caps.yaml`."""

    cap: str


L = TypeVar("L", bound=Limit)


class LedgerRule(Part, Generic[L]):
    """One rule: its names, what it is a finding of, the words of its reason, and its limits in time."""

    title: Bilingual
    kind: Kind
    severity: Severity
    why: Bilingual
    limits: tuple[L, ...]

    def at(self, day: date) -> L | None:
        """What holds on that day."""
        return next((limit for limit in self.limits if limit.in_force(day)), None)


class Limits(Part):
    """A named set of rules; a rule that is left out is not judged."""

    name: str
    title: Bilingual
    laws: dict[str, LawText] = Field(default={})
    quiet_hours: LedgerRule[QuietHours] | None = Field(default=None, alias="quiet-hours")
    connected_per_day: LedgerRule[Counted] | None = Field(default=None, alias="connected-per-day")
    attempts_per_number: LedgerRule[Counted] | None = Field(default=None, alias="attempts-per-number")
    third_person: LedgerRule[ThirdPersons] | None = Field(default=None, alias="third-person-not-lost")
    refusal: LedgerRule[Limit] | None = Field(default=None, alias="contact-after-refusal")
    assignment: LedgerRule[Limit] | None = Field(default=None, alias="contact-after-assignment")
    private_channel: LedgerRule[Limit] | None = Field(default=None, alias="private-channel")
    uncertified: LedgerRule[Limit] | None = Field(default=None, alias="uncertified-collector")
    disposition: LedgerRule[Dispositions] | None = Field(default=None, alias="disposition-mismatch")
    visit: LedgerRule[Visits] | None = Field(default=None, alias="visit-rules")
    rate: LedgerRule[RateCap] | None = Field(default=None, alias="rate-over-cap")

    def rules(self) -> Iterator[tuple[RuleId, LedgerRule[Any]]]:
        """The rules that are judged."""
        for rule in RuleId:
            if found := self.rule(rule):
                yield rule, found

    def rule(self, rule: RuleId) -> LedgerRule[Any] | None:
        """That rule, if it is judged."""
        found: LedgerRule[Any] | None = getattr(self, rule.name)
        return found

    def citations(self, rule: RuleId, day: date) -> list[dict[str, str]]:
        """The articles behind a rule on a day, in the shape of a finding's laws."""
        found = self.rule(rule)
        limit = found.at(day) if found else None
        laws = _laws() | self.laws
        cited = [(citation, laws[citation.law]) for citation in limit.laws] if limit else []
        return [
            {"title": law.title, "article": citation.article, "checked": citation.checked}
            for citation, law in cited
            if law.in_force(day)
        ]

    @cached_property
    def digest(self) -> str:
        """SHA-256 of what is said in the set, in hexadecimal."""
        return hashlib.sha256(self.model_dump_json(by_alias=True).encode()).hexdigest()


@lru_cache(maxsize=1)
def limits() -> Limits:
    """The limits of this process. Raises BadInput naming the file and what does not hold in it."""
    given = settings().limits
    path = SHIPPED / f"{given}.yaml" if (SHIPPED / f"{given}.yaml").exists() else Path(given)
    return load_limits(path)


def load_limits(path: Path) -> Limits:
    """The limits in a file. Raises BadInput naming it and what does not hold."""
    try:
        read = Limits.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror}", "set SHENGJIAN_LIMITS to cn, us, uk or a file") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise BadInput(f"{path}: no YAML ({' '.join(str(error).split())})", _REMEDY) from error
    except ValidationError as error:
        raise BadInput(f"{path}: {first_mistake(error)}", _REMEDY) from error
    known = _laws() | read.laws
    for name, rule in read.rules():
        for citation in (citation for limit in rule.limits for citation in limit.laws):
            if citation.law not in known:
                raise BadInput(f"{path}: {name}: no law is called {citation.law}", _REMEDY)
    return read


@lru_cache(maxsize=1)
def rule_pack() -> RulePack:
    """The rule pack of this process, for its laws and caps; only judging asks for a published one."""
    return load_pack(settings().pack, draft=True)


def _laws() -> dict[str, LawText]:
    return dict(rule_pack().laws)
