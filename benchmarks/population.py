"""A plausible institution and its agencies, made up by seed: the registers as other systems export them, complaints,
and, if wished for, what was said and found in talks. Whole numbers begin with 10, 11 or 12: no operator hands them out.

    python benchmarks/population.py OUT --contacts 1000000 --months 9 --seed 1 --talks
"""

import argparse
import csv
import json
import math
import random
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date
from itertools import accumulate, permutations
from pathlib import Path
from typing import Any

FIRST = date(2026, 2, 1)
SLIP = 0.0015  # the share of contacts in which one limit is not kept, for each limit that a contact can break
_PER_DEBTOR, _PER_COLLECTOR = 25, 100  # contacts in all; contacts a day

COLUMNS = {
    "agencies": "agency,lines,listed_on,contact",
    "collectors": "collector_no,name,team,agency,hired_on,certified_until,phone",
    "debtors": "debtor_no,name,gender,phone,id_no,address,employer",
    "accounts": "account_no,debtor_no,lender,product,principal,currency,overdue_since,days_overdue,agency,assigned_on,"
    "assigned_until,interest_rate",
    "contacts": "debtor_no,name,relation,phone,source,stop_since",
    "calls": "call_id,collector_no,account_no,callee_phone,callee_relation,direction,started_at,duration_s,recording,"
    "disposition,from_phone,agency",
    "messages": "message_id,collector_no,account_no,to_phone,to_relation,channel,sent_at,text,sender",
    "agreements": "debtor_no,from_time,to_time,agreed_on,evidence",
    "visits": "visit_id,collector_nos,account_no,at,place,consent,recorded",
    "policies": "policy_no,title,version,responsible,effective_on,next_review,document",
}

_SURNAMES = "祁韦段罗丁程唐林高钟何邹顾徐沈陆苏叶傅温薛孟"
_GIVEN = "静文博佳可心盈立诚敏海波明远强岚宁舟禾清越桐安然雨辰思远晗"
_PLACE = "云青芷安河澜栖朔霁沅淇泽渡溪岭口湾柏衡远"
_HOURS = list(accumulate((6, 15, 20, 16, 6, 8, 16, 18, 17, 13, 10, 9, 5, 1)))  # shares of the hours from 8 to 21
_WEEK = (1, 1.05, 1, 1, 0.95, 0.6, 0.25)
_KIN = ("parent", "spouse", "sibling", "friend", "colleague", "child", "unknown", "guarantor")
_KIN_SHARES = list(accumulate((20, 16, 14, 22, 14, 4, 6, 4)))
_STAGES = (3, 32, 62, 95, 190)  # days overdue at which accounts are given out
_DONE = ("connected", "promise", "callback", "refused")
_PRODUCTS = ("消费分期", "信用贷款", "现金贷款", "信用卡")
_PUBLIC, _PRIVATE = ("便民服务中心", "农贸市场茶馆", "沿河公园"), "债务人家中"
_LENDERS = ("银行", "银行", "消费金融", "消费金融", "小额贷款")
_POLICIES = ("催收管理制度", "第三人联系管理办法", "外包机构管理办法", "投诉处理办法", "个人信息保护制度")
_GRIEVANCES = (
    "{agency}反复给我打电话，一天好几次，影响我上班",
    "{agency}的人联系了我的家人，说我欠钱，请调查",
    "晚上十点以后还接到{agency}的电话",
    "对{lender}的利息有异议，{agency}不肯解释，态度恶劣",
)
_TEXTS = (
    "【{agency}】{name}您好，您在{lender}的账单已逾期，请通过{lender}官方渠道查询并处理，如有疑问请拨打客服电话。",
    "【{agency}】{name}您好，受{lender}委托与您联系，今日来电未能接通，方便时请回电，我们可以协商还款安排。",
    "【{agency}】{name}您好，您与我们约定的还款日临近，请核对{lender}账单金额后按时还款，已还请忽略。",
)
_OPENINGS = (
    "您好，我是{agency}的{name}，受{lender}委托与您联系",
    "您好，请问是{who}吗，这里是{agency}，受{lender}委托",
)
_ASKS = (
    "您在{lender}的账单逾期有一段时间了",
    "您看这周能不能先处理一部分",
    "具体金额您可以在官方渠道里查到",
    "如果有困难，您可以申请分期",
    "那我给您登记一个还款时间",
    "您的情况我都记录下来了",
)
_REPLIES = (
    "嗯我知道",
    "这个月手头有点紧",
    "我下周三发工资",
    "你说的金额是多少",
    "可以，我先还一部分",
    "我现在不太方便说",
)
_CLOSING = "好的，感谢您接听，再见"
_SAID = (  # what a rule of the pack finds in a collector's words: rule, kind, severity, quote
    ("cn/abuse/insult", "abuse", "high", "你这个老赖还要不要脸"),
    ("cn/threat/exposure-contacts", "threat", "critical", "再不还我就告诉你单位所有同事"),
    ("cn/threat/visit", "threat", "critical", "明天就带人到你家门口坐着"),
    ("cn/false-statement/criminal", "false_statement", "high", "不还钱就是诈骗，是要坐牢的"),
    ("cn/impersonation/court", "impersonation", "critical", "我这边是法院执行局的"),
    ("cn/improper-payment/private-account", "improper_payment", "high", "你直接转到我个人微信上"),
)
_ANSWERED = (  # and in the words of whoever answers
    ("cn/signals/hardship-income", "hardship", "low", "我失业大半年了，没有收入"),
    ("cn/signals/complaint-intent", "complaint_intent", "medium", "你们再这样我就去投诉"),
    ("cn/signals/dispute-amount", "dispute", "low", "这个利息算得不对，我不认"),
)

Put = Callable[[Sequence[object]], object]


@dataclass(slots=True)
class Agency:
    name: str
    lines: list[str]
    masks: bool  # whether its dialler exports numbers masked
    staff: "list[Collector]" = field(default_factory=list)

    def written(self, phone: str) -> str:
        return masked(phone) if self.masks else phone


@dataclass(slots=True)
class Collector:
    number: str
    name: str
    agency: Agency
    hired: int  # days as `date.toordinal` counts them, here and below
    pace: float
    line: str
    own_phone: str
    book: "list[Account]" = field(default_factory=list)
    ended: "list[Account]" = field(default_factory=list)


@dataclass(slots=True)
class Person:
    name: str
    relation: str
    phone: str
    debtor_no: str
    source: str = ""
    stop_since: str = ""


@dataclass(slots=True)
class Debtor:
    """`failed` counts failed attempts in a row before this day, which is what makes a debtor count as lost."""

    himself: Person
    reach: float
    around: list[Person]
    day: int = 0
    tried: int = 0
    talked: int = 0
    failed: int = 0
    unanswered: int = 0

    def begin(self, day: int) -> None:
        if self.day != day:
            self.failed += self.unanswered
            self.day, self.tried, self.talked, self.unanswered = day, 0, 0, 0

    def note(self, answered: bool, outbound: bool) -> None:
        self.tried += outbound
        self.talked += answered
        self.unanswered += outbound and not answered
        if answered:
            self.failed = self.unanswered = 0


@dataclass(slots=True)
class Account:
    number: str
    debtor: Debtor
    lender: str
    overdue: int
    terms: list[tuple[Agency, int, int | None]]


@dataclass(slots=True)
class Contact:
    """What is about to happen; what is None takes its course."""

    collector: Collector
    account: Account
    at: int  # seconds of the day
    line: str
    person: Person | None = None
    answered: bool | None = None
    code: str | None = None
    times: int = 1
    slip: bool = True


def write(folder: Path, contacts: int, months: int = 9, seed: int = 1, *, talks: bool = False) -> None:
    """Writes the files of a population with that many calls, messages and visits in that many months into a folder.

    The registers are the same with `talks` and without.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as files:
        put: dict[str, Put] = {}
        for name, columns in COLUMNS.items():
            file = files.enter_context((folder / f"{name}.csv").open("w", encoding="utf-8", newline=""))
            put[name] = csv.writer(file, lineterminator="\n").writerow
            put[name](columns.split(","))
        for name in ("complaints", *(("transcripts", "findings") if talks else ())):
            file = files.enter_context((folder / f"{name}.jsonl").open("w", encoding="utf-8"))
            put[name] = _json_lines(file.write)
        Population(put, contacts, months, seed).run()


def _json_lines(put: Callable[[str], object]) -> Put:
    return lambda thing: put(json.dumps(thing, ensure_ascii=False) + "\n")


def until(months: int) -> date:
    """The day after the last."""
    return date(FIRST.year + (FIRST.month - 1 + months) // 12, (FIRST.month - 1 + months) % 12 + 1, 1)


class Population:
    """Who there is, and day by day what they do; everything is written as soon as it is settled."""

    def __init__(self, put: dict[str, Put], contacts: int, months: int, seed: int) -> None:
        self.random, self.words = random.Random(seed), random.Random(seed + 1)  # words alone differ with talks
        self.put, self.contacts = put, contacts
        self.first, self.end = FIRST.toordinal(), until(months).toordinal()
        self.calls = self.messages = self.visits = self.complaints = 0
        self.stopped: list[tuple[Collector, Account, Person]] = []
        self.agreed: list[Account] = []
        self.starting: dict[int, list[tuple[Account, Agency]]] = defaultdict(list)
        self.ending: dict[int, list[tuple[Account, Agency]]] = defaultdict(list)
        self.keeper: dict[tuple[str, str], Collector] = {}
        names = self.random.sample(["".join(pair) for pair in permutations(_PLACE, 2)], 10)
        self.lenders = [name + kind for name, kind in zip(names, _LENDERS, strict=False)]
        self.agencies = [self._agency(n, f"{name}商务服务有限公司") for n, name in enumerate(names[5:])]
        self.staff = [self._collector(n) for n in range(max(10, round(1.5 * self._a_day() / _PER_COLLECTOR)))]
        self.debtors = [self._debtor(n) for n in range(max(40, contacts // _PER_DEBTOR))]
        self._write_policies()

    def run(self) -> None:
        for day, quota in self._quotas():
            self._hand_over(day)
            self._work(day, quota)
        for debtor in self.debtors:
            for person in debtor.around:
                phone = person.phone if self.random.random() < 0.5 else masked(person.phone)
                self.put["contacts"](
                    (person.debtor_no, person.name, person.relation, phone, person.source, person.stop_since)
                )

    # who there is

    def _agency(self, n: int, name: str) -> Agency:
        prefix = f"05{n}00008"
        agency = Agency(name, [f"{prefix}{line}01" for line in range(3)], n % 4 != 2)
        listed = date.fromordinal(self.first - self.random.randrange(60, 900))
        self.put["agencies"]((agency.name, ";".join([*agency.lines, f"10690000{n}"]), listed, self._name()))
        return agency

    def _collector(self, n: int) -> Collector:
        agency = self.agencies[n if n < 5 else self.random.choices(range(5), (5, 4, 3, 2, 1))[0]]
        early = n < 5 or self.random.random() < 0.6
        hired = (
            self.first - self.random.randrange(1, 900) if early else self.random.randrange(self.first, self.end - 20)
        )
        line, pace = self.random.choice(agency.lines), self.random.choice((0.4, 0.9, 1, 1.1, 2.2))
        made = Collector(f"GH{n:05}", self._name(), agency, hired, pace, line, self._phone())
        lapsed = n % 40 == 3  # some training records run out near the end
        certified = date.fromordinal(self.end + (-self.random.randrange(3, 12) if lapsed else 200))
        team = f"{'一二三四'[n % 4]}组"
        self.put["collectors"]((made.number, made.name, team, agency.name, date.fromordinal(hired), certified, line))
        agency.staff.append(made)
        return made

    def _debtor(self, n: int) -> Debtor:
        number, pick = f"DB{n:07}", self.random.random
        himself = Person(self._name(), "self", self._phone(), number)
        kin = self.random.choices(_KIN, cum_weights=_KIN_SHARES, k=self.random.randrange(5))
        around = [Person(self._name(), relation, self._phone(), number, "本人预留") for relation in kin]
        debtor = Debtor(himself, 0.05 if pick() < 0.1 else 0.6 + 0.8 * pick(), around)
        phone = himself.phone if pick() < 0.3 else masked(himself.phone)
        id_no = f"99{n % 90 + 10}**********{self.random.randrange(10_000):04}"
        address = f"{self._place()}市{self._place()}区{self._place()}路{n % 400 + 1}号"
        self.put["debtors"](
            (number, himself.name, "男女"[pick() < 0.45], phone, id_no, address, self._place() + "公司")
        )
        for k in range(self.random.choices((1, 2, 3), (60, 30, 10))[0]):
            self._account(f"AC{n:07}{k}", debtor)
        return debtor

    def _account(self, number: str, debtor: Debtor) -> None:
        choose = self.random.randrange
        since = choose(self.first - 90, self.end - 2)
        overdue = since - self.random.choice(_STAGES) - choose(30)
        account = Account(number, debtor, self.random.choice(self.lenders), overdue, self._terms(since))
        rate = choose(80, 240) / 1000 if self.random.random() < 1 - 2 * SLIP else 0.36
        fixed = (number, debtor.himself.debtor_no, account.lender, self.random.choice(_PRODUCTS))
        owed = (f"{choose(10, 900)}00.00", "CNY", date.fromordinal(overdue), self.end - overdue)
        for agency, start, stop in account.terms:
            term = (agency.name, date.fromordinal(start), date.fromordinal(stop) if stop else "")
            self.put["accounts"]((*fixed, *owed, *term, f"{rate:.4f}"))
            if stop is None or stop >= self.first:
                self.starting[max(start, self.first)].append((account, agency))
            if stop:
                self.ending[stop + 1].append((account, agency))

    def _terms(self, since: int) -> list[tuple[Agency, int, int | None]]:
        """Most accounts stay; some move to another agency, some go back to the lender."""
        roll, stop = self.random.random(), since + self.random.randrange(20, 120)
        shares = [len(agency.staff) for agency in self.agencies]
        one, other = self.random.choices(self.agencies, shares, k=2)
        if roll > 0.12:
            return [(one, since, None)]
        return (
            [(one, since, stop), (other, stop + 1, None)] if roll < 0.06 and one is not other else [(one, since, stop)]
        )

    def _write_policies(self) -> None:
        for n, title in enumerate(_POLICIES):
            effective = date.fromordinal(self.first - 100 * n)
            review = date.fromordinal(self.first + 365 - 100 * n)
            self.put["policies"]((f"ZD-{n:02}", title, f"{n + 1}.0", self._name(), effective, review, f"{title}.pdf"))

    def _name(self) -> str:
        given = self.random.choices(_GIVEN, k=1 + (self.random.random() < 0.7))
        return self.random.choice(_SURNAMES) + "".join(given)

    def _place(self) -> str:
        return "".join(self.random.sample(_PLACE, 2))

    def _phone(self) -> str:
        return f"1{self.random.randrange(30):02}{self.random.randrange(10**8):08}"

    # what they do

    def _a_day(self) -> float:
        return self.contacts / (self.end - self.first)

    def _quotas(self) -> Iterator[tuple[int, int]]:
        """Each day with its number of contacts: by weekday, and more from month to month."""
        days = range(self.first, self.end)
        shares = [_WEEK[(day - 1) % 7] * (0.7 + 0.6 * n / len(days)) for n, day in enumerate(days)]
        whole, done = sum(shares), 0
        for day, reached in zip(days, accumulate(shares), strict=True):
            due = round(self.contacts * reached / whole)
            yield day, due - done
            done = due

    def _hand_over(self, day: int) -> None:
        for account, agency in self.ending.pop(day, ()):
            if keeper := self.keeper.pop((account.number, agency.name), None):
                keeper.book.remove(account)
                keeper.ended.append(account)
        for account, agency in self.starting.pop(day, ()):
            keeper = self.random.choice([collector for collector in agency.staff if collector.hired <= day])
            keeper.book.append(account)
            self.keeper[account.number, agency.name] = keeper

    def _work(self, day: int, quota: int) -> None:
        at_work = [collector for collector in self.staff if collector.hired <= day and collector.book]
        paces = list(accumulate(collector.pace * min(len(collector.book), 40) for collector in at_work))
        clocks = sorted(
            hour * 3600 + int(3600 * self.random.random())
            for hour in self.random.choices(range(8, 22), cum_weights=_HOURS, k=quota)
        )
        left = quota
        self.today, self.day = date.fromordinal(day).isoformat(), day
        for collector, clock in zip(self.random.choices(at_work, cum_weights=paces, k=quota), clocks, strict=True):
            if left:
                left -= self._contact(collector, clock, left)

    def _contact(self, collector: Collector, clock: int, left: int) -> int:
        """One contact, or several where somebody does not let go; how many is given back."""
        contact = Contact(collector, self._case(collector), clock, collector.line)
        roll = self.random.random()
        slip = _SLIPS[int(roll / SLIP)] if roll < SLIP * len(_SLIPS) else None
        contact.slip = bool(slip and slip(self, contact))
        contact.times = min(contact.times, left)
        contact.account.debtor.begin(self.day)
        way = self.random.random() if contact.times == 1 and contact.answered is None else 1
        if way < 0.003 and 8 * 3600 < contact.at < 20 * 3600:
            self._visit(contact)
        elif way < 0.12:
            self._message(contact)
        else:
            for n in range(contact.times):
                self._call(contact, contact.at + n * 600)
        if self.random.random() < (0.02 if contact.slip else 0.0003):
            self._complain(contact)
        return contact.times

    def _case(self, collector: Collector) -> Account:
        """One of the collector's accounts, rather a recent one, and none that was worked enough today."""
        for _ in range(6):
            account = collector.book[-1 - int(len(collector.book) * self.random.random() ** 2)]
            account.debtor.begin(self.day)
            if account.debtor.tried < 5 and account.debtor.talked < 2:
                break
        return account

    def _call(self, contact: Contact, at: int) -> None:
        collector, account = contact.collector, contact.account
        debtor, agency = account.debtor, collector.agency
        person = contact.person or self._whom(debtor)
        inbound = person is debtor.himself and contact.answered is None and self.random.random() < 0.015
        talk = self._talk(account, person, contact.answered, inbound)
        if person is debtor.himself:
            debtor.note(talk > 0, not inbound)
        self.calls += 1
        number, recording = f"C{self.calls:08}", f"C{self.calls:08}.wav" if talk else ""
        who = (collector.number, account.number, agency.written(person.phone), person.relation)
        how = ("inbound" if inbound else "outbound", self._moment(at), talk, recording)
        self.put["calls"](
            (number, *who, *how, contact.code or self._code(debtor, person, talk), contact.line, agency.name)
        )
        if talk:
            self._after_talk(contact, person, at)
            if "transcripts" in self.put:
                self._say(number, contact, person, talk)

    def _whom(self, debtor: Debtor) -> Person:
        """The debtor; or, when the debtor counts as lost, now and then somebody who has not refused."""
        if debtor.failed >= 3 and self.random.random() < 0.12:
            willing = [person for person in debtor.around if not person.stop_since]
            return self.random.choice(willing) if willing else debtor.himself
        return debtor.himself

    def _talk(self, account: Account, person: Person, answered: bool | None, inbound: bool) -> int:
        """Seconds of talk; fewer answer the longer they are overdue."""
        if answered is None:
            reach = 0.15 + 0.5 * math.exp((account.overdue - self.day) / 150)
            reach = account.debtor.reach * reach if person.relation == "self" else 0.4
            answered = inbound or self.random.random() < reach
        return min(1500, 4 + int(self.random.lognormvariate(4, 0.9))) if answered else 0

    def _code(self, debtor: Debtor, person: Person, talk: int) -> str:
        if not talk:
            gone = person is debtor.himself and debtor.reach < 0.1
            return "wrong_number" if gone else "busy" if self.random.random() < 0.15 else "no_answer"
        return self.random.choice(_DONE) if person is debtor.himself else "third_party"

    def _after_talk(self, contact: Contact, person: Person, at: int) -> None:
        """Somebody around the debtor may ask not to be called again, a debtor may agree to late hours."""
        roll, debtor = self.random.random(), contact.account.debtor
        if person is not debtor.himself and roll < 0.05 and not person.stop_since:
            person.stop_since = self._moment(min(at + 600, 86_399))
            self.stopped.append((contact.collector, contact.account, person))
        elif person is debtor.himself and roll < 0.001 and contact.account not in self.agreed[-200:]:
            self.agreed.append(contact.account)
            hours = ("22:00", "22:30", self.today, "通话中本人提出")
            self.put["agreements"]((debtor.himself.debtor_no, *hours))

    def _message(self, contact: Contact) -> None:
        agency, account = contact.collector.agency, contact.account
        person = contact.person or account.debtor.himself
        self.messages += 1
        number, said = f"M{self.messages:08}", self.random.choice(_TEXTS)
        text = said.format(agency=agency.name, name=person.name, lender=account.lender)
        if self.random.random() < SLIP:
            text += self._find("message_id", number, self.random.choice(_SAID))
        channel = self.random.choices(("sms", "wechat", "email", "letter"), (80, 14, 4, 2))[0]
        who = (contact.collector.number, account.number, agency.written(person.phone), person.relation)
        self.put["messages"]((number, *who, channel, self._moment(contact.at), text, contact.line))

    def _visit(self, contact: Contact) -> None:
        """Two go, to a public place or by consent, and record it; now and then not."""
        self.visits += 1
        one, others = contact.collector, [c for c in contact.collector.agency.staff if c is not contact.collector]
        alone, home, bare = (self.random.random() < chance for chance in (0.03, 0.3, 0.03))
        went = [one] if alone or not others else [one, self.random.choice(others)]
        place = _PRIVATE if home else f"{self._place()}镇{self.random.choice(_PUBLIC)}"
        consent = "no" if self.random.random() < (0.1 if home else 0.02) else "yes"
        told = (contact.account.number, self._moment(contact.at), place, consent, "no" if bare else "yes")
        self.put["visits"]((f"V{self.visits:06}", ";".join(collector.number for collector in went), *told))

    def _complain(self, contact: Contact) -> None:
        self.complaints += 1
        who = contact.person or contact.account.debtor.himself
        received = date.fromordinal(self.day + self.random.randrange(10))
        about = {"agency": contact.collector.agency.name, "lender": contact.account.lender}
        complaint: Any = {
            "id": f"TS{self.complaints:06}",
            "channel": self.random.choice(("hotline", "app", "letter", "regulator", "email")),
            "received_at": f"{received}T{self.random.randrange(9, 18):02}:{self.random.randrange(60):02}:00+08:00",
            "complainant": who.name,
            "phone": who.phone,
            "text": self.random.choice(_GRIEVANCES).format(**about),
        }
        self.put["complaints"](complaint)

    def _moment(self, at: int) -> str:
        return f"{self.today}T{at // 3600:02}:{at // 60 % 60:02}:{at % 60:02}+08:00"

    # what is said

    def _say(self, call: str, contact: Contact, person: Person, talk: int) -> None:
        told = {"agency": contact.collector.agency.name, "lender": contact.account.lender}
        told |= {"name": contact.collector.name, "who": person.name}
        choose, other = self.words.choice, "debtor" if person.relation == "self" else "third_party"
        lines = [("collector", choose(_OPENINGS).format(**told))]
        for _ in range(min(6, 1 + talk // 15)):
            lines += [("collector", choose(_ASKS).format(**told)), (other, choose(_REPLIES))]
        if self.words.random() < (0.1 if contact.slip else 2 * SLIP):
            lines.append(("collector", self._find("call_id", call, choose(_SAID))))
        if self.words.random() < 4 * SLIP:
            lines.append((other, self._find("call_id", call, choose(_ANSWERED))))
        lines.append(("collector", _CLOSING))
        step = talk / len(lines)
        segments = [
            {"speaker": who, "start": round(n * step, 2), "end": round((n + 0.9) * step, 2), "text": text}
            for n, (who, text) in enumerate(lines)
        ]
        spoken: Any = {"call_id": call, "segments": segments}
        self.put["transcripts"](spoken)

    def _find(self, subject: str, number: str, found: tuple[str, str, str, str]) -> str:
        """The quote, after it was put among the findings."""
        rule, kind, severity, quote = found
        if "findings" in self.put:
            finding: Any = {subject: number, "rule": rule, "kind": kind, "severity": severity, "quote": quote}
            self.put["findings"](finding)
        return quote

    # the limits that are not kept; each says whether it came to it

    def at_night(self, contact: Contact) -> bool:
        contact.at = 22 * 3600 + self.random.randrange(3000)
        return True

    def pressed(self, contact: Contact) -> bool:
        contact.at, contact.answered, contact.times = min(contact.at, 20 * 3600), True, self.random.choice((4, 5))
        contact.person = contact.account.debtor.himself
        return True

    def dialled(self, contact: Contact) -> bool:
        contact.at, contact.answered, contact.times = min(contact.at, 20 * 3600), False, self.random.choice((7, 8, 9))
        contact.person = contact.account.debtor.himself
        return True

    def not_lost(self, contact: Contact) -> bool:
        debtor = contact.account.debtor
        if debtor.failed < 3 and debtor.around:
            contact.person = self.random.choice(debtor.around)
        return bool(contact.person)

    def refused(self, contact: Contact) -> bool:
        if self.stopped:
            contact.collector, contact.account, contact.person = self.random.choice(self.stopped)
            contact.line = contact.collector.line
        return bool(self.stopped)

    def ended(self, contact: Contact) -> bool:
        if contact.collector.ended:
            contact.account = self.random.choice(contact.collector.ended)
        return bool(contact.collector.ended)

    def privately(self, contact: Contact) -> bool:
        contact.line = contact.collector.own_phone
        return True

    def miscoded(self, contact: Contact) -> bool:
        contact.person, contact.answered = contact.account.debtor.himself, True
        contact.code = self.random.choice(("no_answer", "wrong_number"))
        return True

    def by_agreement(self, contact: Contact) -> bool:
        """None: late, but in hours that the debtor agreed to."""
        if self.agreed:
            contact.account = self.random.choice(self.agreed)
            contact.person, contact.at = contact.account.debtor.himself, 22 * 3600 + self.random.randrange(1500)
        return False


_SLIPS: list[Callable[[Population, Contact], bool]] = [
    Population.at_night,
    Population.pressed,
    Population.dialled,
    Population.not_lost,
    Population.refused,
    Population.ended,
    Population.privately,
    Population.miscoded,
    Population.by_agreement,
]


def masked(phone: str) -> str:
    """The number as most systems export it."""
    return f"{phone[:3]}****{phone[-4:]}"


def main() -> None:
    parser = argparse.ArgumentParser(description="Write a made-up population's registers, complaints and talks.")
    parser.add_argument("out", type=Path)
    parser.add_argument("--contacts", type=int, default=1_000_000)
    parser.add_argument("--months", type=int, default=9)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--talks", action="store_true", help="also transcripts and findings")
    given = parser.parse_args()
    write(given.out, given.contacts, given.months, given.seed, talks=given.talks)


if __name__ == "__main__":
    main()
