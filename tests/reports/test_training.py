"""Training feedback: figures counted by hand, words without names, quizzes, signatures, and points measured again."""

import json
import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session, select

from audit.calls.models import Call, Layout, Recording
from audit.contacts.models import Message
from audit.findings.models import Finding, Run, State, UsedPack
from audit.ledger.models import LedgerResult, LedgerVerdict, RuleId
from audit.parties.models import Account, Agency, Collector, Debtor
from audit.settings import settings
from audit.store import database, secrets
from audit.store.database import engine, transaction, upgrade
from audit.trail import AuditEvent
from audit.transcripts.models import Transcript
from classifiers.errors import BadInput
from classifiers.taxonomy import Channel, Kind, Severity, Speaker, Verdict
from reports.document.model import Clip, Content, Items, Quote, Table
from reports.document.written import rows_written
from reports.models import TrainingFeedback
from reports.period import Period
from reports.training import acknowledge, feedback, find_collector, keep_feedback, remeasure, team_pack
from reports.training import training_records as records
from reports.training.changes import Change, change
from reports.training.lessons import SHIPPED, Matter, library
from reports.training.measured import Rate
from reports.training.quiz import drawn, score

OCTOBER, YEAR = Period.parse("2025-10"), Period.parse("2025")
SAID = "甘棠你这个废物，我知道你号码是13812341001"
NOON = datetime(2025, 1, 1, 4, tzinfo=UTC)


def build(session: Session) -> None:
    """C1 has 20 judged calls in October and 10 in September, C2 and C3 of the team 10 each; C9 is of another agency."""
    session.add_all([Agency(id=1, name="甲机构"), Agency(id=2, name="乙机构")])
    session.add(UsedPack(id=1, name="cn", version="1", sha256="x", canonical=""))
    session.add(Debtor(id=1, debtor_no="D1", name="甘棠", phone="13812341001"))
    session.flush()
    session.add(Account(id=1, account_no="A1", debtor_id=1))
    for n, (number, name, agency) in enumerate(
        [("C1", "田宁", 1), ("C2", "邵可", 1), ("C3", "闻笛", 1), ("C9", "岑朗", 2)], 1
    ):
        session.add(Collector(id=n, staff_no=number, name=name, agency_id=agency, team="一组"))
    session.flush()
    runs = called(session, 1, 20, date(2025, 10, 20))
    for run, state in zip(runs, (State.confirmed, State.confirmed, State.rejected, State.suggested), strict=False):
        session.add(finding(run, Kind.abuse, state, quote=SAID))
    session.add(finding(runs[5], Kind.threat, State.open))
    session.add(finding(runs[6], Kind.hardship, State.confirmed))
    called(session, 1, 2, date(2025, 10, 21), Verdict.not_judgeable)
    for run in called(session, 1, 10, date(2025, 9, 20))[:6]:
        session.add(finding(run, Kind.abuse, State.confirmed))
    for collector in (2, 3):
        leaking = called(session, collector, 10, date(2025, 10, 22))[: collector - 1]
        session.add_all(finding(run, Kind.privacy_leak, State.confirmed, quote="邵可说他欠了三万") for run in leaking)


def called(session: Session, who: int, n: int, day: date, verdict: Verdict = Verdict.clear) -> list[Run]:
    """So many calls of a collector on a day, each with its judgement."""
    runs = []
    for i in range(n):
        key = f"{who}-{day}-{verdict}-{i}"
        kept = {"codec": "pcm", "seconds": 60.0, "channels": 2, "layout": Layout.stereo}
        recording = Recording(sha256=key, blob=key, name=f"{key}.wav", **kept)
        at = NOON + (day - NOON.date()) * 1
        call = Call(source="t", call_id=key, collector_id=who, account_id=1, day=day, started_at=at, talk_seconds=60)
        session.add_all([recording, call])
        session.flush()
        heard = {"engine": "e", "model": "m", "options": "", "language": "zh", "quality": {}}
        transcript = Transcript(recording_id=recording.id or 0, **heard)
        session.add(transcript)
        session.flush()
        told = {"model": "", "relation": "self", "day": day, "verdict": verdict, "rule_pack_id": 1}
        runs.append(Run(call_id=call.id, transcript_id=transcript.id, **told))
        session.add(runs[-1])
        session.flush()
        call.run_id = runs[-1].id
    return runs


def finding(run: Run, kind: Kind, state: State, quote: str = "……") -> Finding:
    law = {"title": "中华人民共和国民法典", "article": "第一千零二十四条", "checked": "text"}
    said = {"speaker": Speaker.collector, "score": 0.9, "explanation": {"why": "辱骂债务人", "laws": [law]}}
    where = {"start": 0, "end": len(quote), "quote": quote, "at_ms": 2000, "until_ms": 2900}
    grave = {"severity": Severity.high, "state": state}
    return Finding(run_id=run.id or 0, rule="cn/abuse/insult", kind=kind, **grave, **where, **said)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace that each test has a copy of."""
    home = tmp_path_factory.mktemp("built")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SHENGJIAN_HOME", str(home))
        for drop in (database.engine.cache_clear, settings.cache_clear, secrets.forget):
            drop()
        upgrade()
        with transaction() as session:
            build(session)
        engine().dispose()
    return home


@pytest.fixture(params=["sqlite"])
def filled(
    request: pytest.FixtureRequest, built: Path, home: Path, forget, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    shutil.copytree(built, home)
    if request.param == "postgres":
        monkeypatch.setenv("SHENGJIAN_DATABASE_URL", request.getfixturevalue("postgres"))
    forget()
    if request.param == "postgres":
        upgrade()
        with transaction() as session:
            build(session)
    yield
    engine().dispose()


@pytest.fixture
def command(shengjian) -> Any:
    """Runs a command; each opens the database anew."""

    def run(*arguments: str | Path) -> Any:
        engine().dispose()
        return shengjian(*arguments)

    return run


on_both = pytest.mark.parametrize("filled", ["sqlite", "postgres"], indirect=True)
within = pytest.mark.usefixtures("filled")


def sheet(staff_no: str = "C1", period: Period = OCTOBER, **more: Any) -> Content:
    with transaction() as session:
        return feedback(session, find_collector(session, staff_no), period, **more)


def blocks(content: Content, section: str) -> list[Any]:
    return next(part.blocks for part in content.document.sections if part.id == section)


def told(content: Content) -> str:
    return content.document.model_dump_json()


@within
def test_figures_beside_those_of_the_period_before_and_of_the_rest_of_the_team() -> None:
    content = sheet()
    table = next(block for block in blocks(content, "figures") if isinstance(block, Table))
    assert rows_written(table) == [
        ["辱骂侮辱", "2", "0", "0", "100.0（11.2—361.0）", "600.0（219.1—1,306.0）", "0.0（0.0—183.4）"],
        ["威胁恐吓", "0", "1", "0", "0.0（0.0—183.4）", "0.0（0.0—366.8）", "0.0（0.0—183.4）"],
        ["泄露隐私", "0", "0", "0", "0.0（0.0—183.4）", "0.0（0.0—366.8）", "150.0（30.1—438.3）"],
    ]
    assert "通话 22 通，已判定 20 通，无法判定 2 通" in told(content)
    strengths = blocks(content, "strengths")[0].items
    assert "泄露隐私：判定的 20 通通话中未发现；同组其他人员已确认 3 处。" in strengths
    assert "表明身份：未发现遗漏身份告知的通话 20/20，100.0%（83.9%—100.0%）；同组其他人员 100.0%。" in strengths
    assert not any("下降" in strength for strength in strengths)  # 100 and 600 have intervals that overlap


@within
def test_no_colleague_is_named_and_a_small_team_is_not_shown() -> None:
    assert not any(name in told(sheet()) for name in ("邵可", "闻笛", "岑朗", "C2"))
    alone = blocks(sheet("C9"), "figures")
    assert next(block for block in alone if isinstance(block, Table)).total == ["合计", 0, 0, 0, "—", "—", "—"]
    assert any("不足 3 人的，不作比较" in getattr(block, "text", "") for block in alone)


@within
def test_a_point_has_its_words_without_names_or_numbers_its_sound_and_what_to_say_instead() -> None:
    asked = []
    content = sheet(sound=lambda hit: asked.append(hit.quote) or b"mp3")
    points = blocks(content, "points")
    quotes = [block for block in points if isinstance(block, Quote)]
    assert [quote.text for quote in quotes] == ["〔债务人〕你这个废物，我知道你号码是〔电话号码〕"]
    assert quotes[0].source.endswith("2025-10-20 12:00:02，通话 1-2025-10-20-clear-0")
    assert [block.sound for block in points if isinstance(block, Clip)] == [b"mp3"]
    assert asked == [SAID]
    texts = " ".join(getattr(block, "text", "") for block in points)
    assert "认定理由：辱骂债务人。依据：《中华人民共和国民法典》第一千零二十四条。" in texts
    assert "（程度高，已确认 2 处）" in texts
    say = next(block.items for block in points if isinstance(block, Items))
    assert say[0] == "对方情绪激动：“我理解您现在着急，我们先不争对错，看一下目前能做的方案。”"
    assert "甘棠" not in told(content)
    assert "13812341001" not in told(content)
    assert len(list(content.sheets[0].rows())) == 2


@within
def test_without_confirmed_hits_the_sheet_says_so_and_praises_only_what_was_measured() -> None:
    with transaction() as session:
        call = session.exec(select(Call).where(Call.collector_id == 2)).first()
        run = session.get_one(Run, call.run_id)
        session.exec(select(Finding).where(Finding.run_id == run.id)).one().state = State.rejected
        session.add_all(finding(run, kind, State.open) for kind in (Kind.threat, Kind.identity_omission))
    content = sheet("C2")
    assert blocks(content, "points")[0].text == "本期没有经人工复核确认的违规。另有 2 处机器提示未经复核，不作为事实。"
    assert [praise.split("：")[0] for praise in blocks(content, "strengths")[0].items] == [
        "通话无问题",
        "辱骂侮辱",
        "泄露隐私",
    ]
    assert blocks(sheet("C9"), "strengths")[0].text == "已判定通话不足 10 通，不作评价。"


@within
def test_limits_that_a_person_confirmed_are_points_and_others_are_only_counted() -> None:
    why = {"zh": "2025-10-20 22:40 呼叫本人（self）", "en": ""}
    lists = {"messages": [], "visits": [], "counted": 1, "why": why, "limits": "x", "verdict": LedgerVerdict.finding}
    own = {"day": date(2025, 10, 20), "calls": ["1-2025-10-20-clear-0"]}
    others = {"day": date(2025, 10, 22), "calls": ["2-2025-10-22-clear-0"]}
    with transaction() as session:
        for n, (contacts, state) in enumerate([(own, State.confirmed), (own, State.open), (others, State.confirmed)]):
            session.add(LedgerResult(rule=RuleId.quiet_hours, scope=str(n), state=state, **contacts, **lists))
        session.add(LedgerResult(rule=RuleId.disposition, scope="d", state=State.open, **own, **lists))
    table = blocks(sheet(), "limits")[0]
    assert [row[:4] for row in rows_written(table)] == [
        ["静默时段联系", "1", "1", "2025-10-20：2025-10-20 22:40 呼叫本人（本人）"]
    ]
    assert "共有 2 件未经复核，不作为事实" in table.note
    with transaction() as session:
        kept = keep_feedback(session, find_collector(session, "C1"), OCTOBER)
        assert [(point["matter"], point["count"]) for point in kept.points] == [("abuse", 2), ("quiet-hours", 1)]


@given(st.text(), st.lists(st.sampled_from(sorted(library().lessons())), unique=True))
def test_a_quiz_has_exactly_one_right_answer_to_each_of_its_questions(seed: str, matters: list[Matter]) -> None:
    own = [(matter, "原话") for matter in matters]
    quiz = drawn(library(), own, (), seed)
    assert len({item["ask"] for item in quiz}) == len(quiz) == library().questions
    rights = {question.right for lesson in library().lessons().values() for question in lesson.quiz}
    for item in quiz:
        assert len(set(item["options"])) == len(item["options"]) >= 3
        assert item["options"][item["right"]] in rights
        assert "原话" not in item["options"]
    assert quiz == drawn(library(), own, (), seed)
    assert score(quiz, [item["right"] for item in quiz]) == 1
    assert score(quiz, [(item["right"] + 1) % 3 for item in quiz]) == 0


@within
def test_the_quiz_asks_for_own_words_and_answers_stand_in_the_last_section() -> None:
    content = sheet()
    asked = [block.text for block in blocks(content, "quiz") if block.block == "paragraph"]
    assert "有“辱骂侮辱”的一处：“〔债务人〕你这个废物，我知道你号码是〔电话号码〕”" in asked[1]
    assert content.document.sections[-1].id == "answers"
    assert len(content.document.sections[-1].blocks[0].items) == library().questions == len(asked) - 1


@on_both
@within
def test_signing_scores_the_quiz_and_what_was_signed_stays(command) -> None:
    with transaction() as session:
        kept = keep_feedback(session, find_collector(session, "C1"), OCTOBER, by="训练")
        right = ["ABC"[item["right"]] for item in kept.quiz]
        assert (len(kept.findings), len(right), kept.score) == (2, 6, None)
    ran = command("coaching", "acknowledge", "C1", "2025-10", "--coach", "周培", "--answers", "A,B")
    assert (ran.code, ran.err) == (2, "shengjian: 2 answers to 6 questions: give one letter for each question\n")
    wrong = ["BCA"["ABC".index(letter)] for letter in right]
    half = ",".join([*right[:3], *wrong[3:]])
    sign = partial(command, "coaching", "acknowledge", "C1", "2025-10", "--coach", "周培", "--format", "json")
    assert sign("--answers", half, "--answer", "第一条有异议").json[0]["score"] == 0.5
    with transaction() as session:
        session.exec(select(Finding).where(Finding.quote == SAID)).first().state = State.rejected
        again = keep_feedback(session, find_collector(session, "C1"), OCTOBER)
        assert (len(again.findings), again.answer) == (2, "第一条有异议")
    assert [row["结果"] for row in listed(command)] == ["不合格，需补训"]
    assert sign("--answers", ",".join(right)).json[0]["score"] == 1
    assert "needs no second signature" in sign("--answers", half).err
    row = listed(command)[0]
    told = [
        row[name]
        for name in ("工号", "姓名", "机构", "反馈期间", "大纲（版本 摘要）", "培训师", "得分", "结果", "补考")
    ]
    assert told == ["C1", "田宁", "甲机构", "2025-10", library().syllabus, "周培", 1.0, "合格", 1]
    facts = next(block for block in blocks(sheet(), "sign") if block.block == "facts")
    assert facts.rows[1:] == [("培训师", "周培"), ("测验得分", "100%"), ("本人说明", "第一条有异议")]
    with transaction() as session:
        acts = session.exec(select(AuditEvent).where(AuditEvent.subject == "training:1").order_by(AuditEvent.seq)).all()
        assert [(act.action, act.actor) for act in acts] == [
            ("training.feedback", "训练"),
            ("training.acknowledge", "周培"),
            ("training.acknowledge", "周培"),
        ]


def listed(command) -> list[dict[str, Any]]:
    ran = command("coaching", "records", "--period", str(datetime.now(UTC).year), "--format", "json")
    assert ran.code == 0, ran.err
    return ran.json


@within
def test_feedback_is_kept_once_and_brought_up_to_date_until_it_is_signed(command) -> None:
    for state in (State.confirmed, State.open):
        with transaction() as session:
            session.exec(select(Finding).where(Finding.quote == SAID)).first().state = state
            who = find_collector(session, "C1")
            assert keep_feedback(session, who, OCTOBER).id == keep_feedback(session, who, OCTOBER).id == 1
    rows = command("coaching", "list", "--format", "json").json
    assert [(row["staff_no"], row["points"], row["acknowledged_on"]) for row in rows] == [("C1", ["abuse 1"], None)]
    with transaction() as session:
        assert len(session.exec(select(AuditEvent).where(AuditEvent.action == "training.feedback")).all()) == 2
        who = session.get_one(TrainingFeedback, 1)
        for by, at, match in ((" ", NOON, "nobody is named"), ("周培", NOON, "2025-01-01: the feedback was made on")):
            with pytest.raises(BadInput, match=match):
                acknowledge(session, who, by, at)


@pytest.mark.parametrize(
    ("before", "after", "waiting", "said"),
    [  # events in judged calls; intervals of Byar's approximation, in a thousand, worked out by hand
        ((10, 100), (0, 100), 0, Change.fell),  # 47.9—183.9 to 0—36.7
        ((10, 100), (0, 100), 1, Change.same),  # one that waits makes it 0.1—55.6
        ((10, 100), (10, 100), 0, Change.same),
        ((1, 100), (15, 100), 0, Change.rose),  # 0.1—55.6 to 83.9—247.4
        ((10, 100), (0, 50), 0, Change.few),  # even none in 50 is 0—73.4
        ((0, 100), (0, 100), 0, Change.few),
        ((3, 0), (1, 100), 0, Change.few),
        ((3, 100), (0, 0), 0, Change.few),
    ],
)
def test_a_change_is_said_by_intervals_alone(
    before: tuple[int, int], after: tuple[int, int], waiting: int, said: Change
) -> None:
    assert change(Rate(*before), Rate(*after), waiting) is said


@within
def test_points_are_measured_again_in_windows_of_the_same_length() -> None:
    coached, rows = date(2025, 6, 30), {"findings": [], "strengths": [], "quiz": [], "remeasure_on": []}
    with transaction() as session:
        for run in called(session, 4, 100, coached - timedelta(days=30))[:10]:
            session.add(finding(run, Kind.abuse, State.confirmed))
        session.add(finding(called(session, 4, 1, coached)[0], Kind.abuse, State.confirmed))  # the day itself
        called(session, 4, 100, coached + timedelta(days=30))
        for run in called(session, 4, 100, coached + timedelta(days=60))[:2]:
            session.add(finding(run, Kind.abuse, State.open))
        points = [{"matter": "abuse", "count": 3, "in_messages": 1, "rules": []}]
        points.append({"matter": "quiet-hours", "count": 1, "in_messages": 0, "rules": []})
        kept = TrainingFeedback(collector_id=4, period="2025-06", coached_on=coached, points=points, **rows)
        then = [remeasure(session, kept, NOON + timedelta(days=days)) for days in (220, 365)]
    assert [(each.basis, each.days, each.said) for each in then[0][:3]] == [
        ("calls", 30, Change.fell),
        ("messages", 30, Change.few),
        ("contacts", 30, Change.few),
    ]
    assert [(each.days, each.said) for each in then[0][3:]] == [(60, Change.running)] * 3
    thirty, sixty = (each for each in then[1] if each.basis == "calls")
    assert (thirty.before.text, thirty.after.text) == ("100.0（47.9—183.9）", "0.0（0.0—36.7）")
    assert (sixty.after, sixty.waiting, str(sixty.until)) == (Rate(0, 200), 2, "2025-08-29")
    assert sixty.said is Change.fell  # even two in 200 would be 1.1—36.1


@within
def test_a_pack_for_a_team_shows_words_of_nobody_in_particular() -> None:
    with transaction() as session:
        content = team_pack(session, "一组", "甲机构", OCTOBER)
    ids = [section.id for section in content.document.sections]
    assert ids == ["figures", "points", "practice", "quiz", "attendance", "answers"]
    points = blocks(content, "points")
    assert [block.text for block in points if block.block == "heading"] == [
        "1. 泄露隐私（程度高，已确认 3 处）",
        "2. 辱骂侮辱（程度高，已确认 2 处）",
    ]
    assert [(block.text, block.source) for block in points if isinstance(block, Quote)][:1] == [
        ("〔催收员〕说他欠了三万", "通话")
    ]
    assert not any("邵可" in json.dumps(block.model_dump(mode="json"), ensure_ascii=False) for block in points)
    attending = blocks(content, "attendance")[0]
    assert [row[:2] for row in attending.rows] == [["C1", "田宁"], ["C2", "邵可"], ["C3", "闻笛"]]


@within
def test_words_in_a_message_are_a_point_without_sound() -> None:
    with transaction() as session:
        sent = {"channel": Channel.sms, "sent_at": NOON, "day": date(2025, 10, 5), "text": "滚"}
        message = Message(source="t", message_id="M1", collector_id=4, account_id=1, **sent)
        session.add(message)
        session.flush()
        judged = {"model": "", "relation": "self", "day": message.day, "verdict": Verdict.violation, "rule_pack_id": 1}
        run = Run(message_id=message.id, **judged)
        session.add(run)
        session.flush()
        message.run_id = run.id
        written = finding(run, Kind.abuse, State.confirmed, quote="滚")
        written.at_ms = None
        session.add(written)
    points = blocks(sheet("C9"), "points")
    assert [(block.text, block.source[-5:]) for block in points if isinstance(block, Quote)] == [("滚", "短信 M1")]
    assert not any(isinstance(block, Clip) for block in points)


@within
def test_whoever_is_not_on_file_is_refused_with_near_names() -> None:
    with transaction() as session:
        with pytest.raises(BadInput, match="no collector C: one of: C1, C2, C3, C9"):
            find_collector(session, "C")
        with pytest.raises(BadInput, match="no collector C9 in 甲机构"):
            find_collector(session, "C9", "甲机构")
        with pytest.raises(BadInput, match="no team 二组: one of: 一组"):
            team_pack(session, "二组", None, OCTOBER)
        with pytest.raises(BadInput, match=r"team 一组 is in several agencies \(乙机构, 甲机构\): give --agency"):
            team_pack(session, "一组", None, OCTOBER)


@within
def test_records_of_a_year_without_training_are_empty(command) -> None:
    with transaction() as session:
        content = records(session, YEAR)
    assert (blocks(content, "records")[1].rows, list(content.sheets[0].rows())) == ([], [])
    missing = command("coaching", "remeasure", "C1", "2025-10")
    assert (missing.code, "shengjian report training --collector C1" in missing.err) == (2, True)


@pytest.mark.parametrize(
    ("place", "value", "told"),
    [
        (["kinds", "abuse", "quiz", 1, "right"], "", "kinds.abuse.quiz.1.right"),
        (["kinds", "abuse", "wrnog"], "x", "kinds.abuse.wrnog: Extra inputs are not permitted"),
        (["kinds", "hardship"], "abuse", "kinds.hardship"),
        (
            ["kinds", "abuse", "quiz", 0, "wrong"],
            ["一样", "一样"],
            "kinds.abuse.quiz.0: Value error, '一样' is an answer twice",
        ),
        (["kinds", "abuse", "laws", 0, "law"], "nobody", "abuse: no law is called nobody"),
        (["pass_from"], 80, "pass_from"),
        (["rules"], {}, "rules: attempts-per-number is missing"),
    ],
)
def test_a_mistake_in_the_wording_is_named_with_its_place(
    tmp_path: Path, place: list[Any], value: Any, told: str
) -> None:
    whole = yaml.safe_load(SHIPPED.read_text(encoding="utf-8"))
    part = whole
    for step in place[:-1]:
        part = part[step]
    part[place[-1]] = value
    own = tmp_path / "own.yaml"
    own.write_text(yaml.safe_dump(whole, allow_unicode=True), encoding="utf-8")
    with pytest.raises(BadInput) as refused:
        library(own)
    assert told in refused.value.message
    assert str(own) in refused.value.message


@within
def test_a_house_may_have_its_own_wording(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, forget) -> None:
    own = tmp_path / "own.yaml"
    own.write_text(
        SHIPPED.read_text(encoding="utf-8").replace('version: "2026-11"', "version: 本司第三版"), encoding="utf-8"
    )
    monkeypatch.setenv("SHENGJIAN_WORDING", str(own))
    forget()
    assert sheet().document.fields["syllabus"].startswith("本司第三版 ")


def test_what_the_library_asks_to_say_is_no_violation_by_our_own_rules(tmp_path: Path, command) -> None:
    said = [
        words
        for lesson in library().lessons().values()
        for words in (*(say.words for say in lesson.say), *(question.right for question in lesson.quiz))
    ]
    lines = ({"id": str(n), "text": text, "speaker": "collector"} for n, text in enumerate(said))
    file = tmp_path / "said.jsonl"
    file.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in lines), encoding="utf-8")
    judged = command("classify", file, "--format", "jsonl").jsonl
    assert len(judged) == len(said) > 100
    assert [said[int(line["id"])] for line in judged if line["findings"]] == []
