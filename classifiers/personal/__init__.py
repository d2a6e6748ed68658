"""Personal data in folded text: which kind, where, and its value. Whose it is, and who may hear it, is for rules."""

from classifiers.personal.datum import Datum, PersonalDatum
from classifiers.personal.finding import find
from classifiers.personal.talk import SpokenLine, find_in_talk

__all__ = ["Datum", "PersonalDatum", "SpokenLine", "find", "find_in_talk"]
