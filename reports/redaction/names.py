"""Names in folded text as recognisers write them: by sound, with titles, in part."""

import re
from collections.abc import Iterator, Sequence

from classifiers.folding import Span
from classifiers.pinyin import blurred, syllable

_LONG = 3  # characters from which a given name may stand alone, and one misheard syllable is let pass
_DOUBLE = frozenset({"欧阳", "司马", "上官", "诸葛", "司徒", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "夏侯"})
_TITLES = "先生|女士|小姐|太太|同志|老师|师傅|老板|经理|医生|大夫|大哥|大姐|大爷|大妈|叔叔|阿姨|总|哥|姐|叔|姨"
_TITLE = re.compile(_TITLES)
_FAMILIAR = "老小阿"  # 老林, 小林
_ASKED_FOR = re.compile(
    r"(?:请问|找|你是|您是|是不是|我是|我叫|叫做?)(?:是|一下)*(?P<name>[^\W\d_a-z您你我他她是的哪谁这那本不什]{2,4}?)"
    rf"(?={_TITLES}|本人|吗|在不在|方便)"
)


def find_name(folded: str, name: str) -> Iterator[Span]:
    """Where a name on file is spoken: whole by its sound, its family name with a title, its given name alone."""
    sounds, plain = [blurred(c) for c in folded], [syllable(c) for c in folded]
    family = 2 if name[:2] in _DOUBLE and len(name) > 2 else 1
    yield from _windows(sounds, [blurred(c) for c in name])
    if len(name) >= _LONG:
        yield from _nearly(plain, [syllable(c) for c in name])
    if len(name) - family >= 2:
        yield from _windows(plain, [syllable(c) for c in name[family:]])
    yield from _titled(folded, sounds, name[:family])


def by_sound(folded: str, text: str) -> Iterator[Span]:
    """Where a text is spoken, by its sound."""
    return _windows([blurred(c) for c in folded], [blurred(c) for c in text])


def asked_for(folded: str) -> Iterator[Span]:
    """Who is asked for or names themselves, on file or not: 请问是…吗."""
    return (Span(*match.span("name")) for match in _ASKED_FOR.finditer(folded))


def sounds_like(text: str, name: str) -> bool:
    """Whether a text is that name by its sound."""
    return bool(name) and [blurred(c) for c in text] == [blurred(c) for c in name]


def _windows(sounds: Sequence[str], wanted: Sequence[str]) -> Iterator[Span]:
    n = len(wanted)
    return (Span(at, at + n) for at in range(len(sounds) - n + 1) if sounds[at : at + n] == wanted)


def _nearly(sounds: Sequence[str], wanted: Sequence[str]) -> Iterator[Span]:
    """The family name and all but one syllable of the rest."""
    n = len(wanted)
    for at in range(len(sounds) - n + 1):
        same = [one == other for one, other in zip(sounds[at : at + n], wanted, strict=True)]
        if same[0] and same.count(False) == 1:
            yield Span(at, at + n)


def _titled(folded: str, sounds: Sequence[str], family: str) -> Iterator[Span]:
    for found in _windows(sounds, [blurred(c) for c in family]):
        if title := _TITLE.match(folded, found.end):
            yield Span(found.start, title.end())
        elif folded[found.start : found.end] == family and folded[max(found.start - 1, 0)] in _FAMILIAR:
            yield Span(found.start - 1, found.end)
