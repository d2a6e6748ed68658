"""Quizzes: questions out of the library and out of what was confirmed, drawn alike for the same facts; and scores."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from classifiers.errors import BadInput
from reports.document.model import Block, Items, Paragraph
from reports.training.lessons import Library, Matter, Question, title

LETTERS = "ABCDE"
_OF_OWN = 3  # questions about a matter of one's own, before others are asked


def drawn(
    library: Library, own: Sequence[tuple[Matter, str]], others: Iterable[Matter], seed: str
) -> list[dict[str, Any]]:
    """As many questions as the library asks for. `own` are matters with words that were confirmed: one question asks
    what to say instead of them; the rest is about these matters, then `others`, then any. Each has its options, the
    place of the right one, and why.
    """
    lessons = library.lessons()
    asked = [_instead(lessons[matter].quiz, matter, words, seed) for matter, words in own if words]
    asked = asked[: max(library.questions // 2, 1)]
    taken = {item["ask_id"] for item in asked}
    mine = list(dict.fromkeys(matter for matter, _ in own))
    rest = [matter for matter in dict.fromkeys([*others, *sorted(library.kinds, key=_by(seed))]) if matter not in mine]
    pool = {matter: sorted(lessons[matter].quiz, key=_by(seed)) for matter in [*mine, *rest]}
    first = {matter: pool[matter][:_OF_OWN] for matter in mine}
    for matter, question in [*_in_turn(first), *_in_turn({matter: pool[matter] for matter in [*rest, *mine]})]:
        if len(asked) >= library.questions:
            break
        if _id(matter, question) not in taken:
            taken.add(_id(matter, question))
            asked.append(_item(matter, question, question.ask, seed))
    return [{name: value for name, value in item.items() if name != "ask_id"} for item in asked]


def score(quiz: Sequence[dict[str, Any]], answers: Sequence[int]) -> float:
    """The share answered rightly. Raises BadInput for too few or many answers, and one that is none of the options."""
    if len(answers) != len(quiz):
        raise BadInput(f"{len(answers)} answers to {len(quiz)} questions", "give one letter for each question")
    for n, (item, answer) in enumerate(zip(quiz, answers, strict=True), 1):
        if not 0 <= answer < len(item["options"]):
            last = LETTERS[len(item["options"]) - 1]
            raise BadInput(f"question {n} has no such answer", f"give a letter from A to {last}")
    right = [item["right"] == answer for item, answer in zip(quiz, answers, strict=True)]
    return right.count(True) / len(right)


def questions(quiz: Sequence[dict[str, Any]]) -> list[Block]:
    """The questions as they are asked."""
    blocks: list[Block] = []
    for n, item in enumerate(quiz, 1):
        blocks.append(Paragraph(text=f"{n}. {item['ask']}", tone="strong"))
        blocks.append(Items(items=[f"{LETTERS[i]}. {option}" for i, option in enumerate(item["options"])]))
    return blocks


def answers(quiz: Sequence[dict[str, Any]]) -> list[Block]:
    """The right answers, with why."""
    told = [f"{LETTERS[item['right']]}。{item['why']}（{item['title']}）" for item in quiz]
    return [Items(items=told, numbered=True)]


def _instead(lesson: Sequence[Question], matter: Matter, words: str, seed: str) -> dict[str, Any]:
    """What to say instead of words that were confirmed; they stand in the question, and are none of the options."""
    question = min(lesson, key=_by(seed))
    ask = f"经复核确认有“{title(matter)}”的一处：“{words}”。换成合规的说法：{question.ask}"
    return _item(matter, question, ask, seed)


def _item(matter: Matter, question: Question, ask: str, seed: str) -> dict[str, Any]:
    options = sorted([question.right, *question.wrong], key=_by(f"{seed} {question.ask}"))
    return {
        "ask_id": _id(matter, question),
        "matter": str(matter),
        "title": title(matter),
        "ask": ask,
        "options": options,
        "right": options.index(question.right),
        "why": question.why,
    }


def _in_turn(by_matter: dict[Matter, list[Question]]) -> Iterator[tuple[Matter, Question]]:
    """A question of each matter, then another of each."""
    for n in range(max(map(len, by_matter.values()), default=0)):
        yield from ((matter, some[n]) for matter, some in by_matter.items() if n < len(some))


def _id(matter: Matter, question: Question) -> tuple[str, str]:
    return str(matter), question.ask


def _by(seed: str) -> Any:
    """An order that looks like chance, and is the same for the same seed."""
    return lambda thing: hashlib.sha256(f"{seed} {thing}".encode()).digest()
