"""Where the error tree of `classifiers.errors` meets the outside: one line to read, one exit code."""

from classifiers.errors import Refused

EXIT_SAYS_NO = 1  # a check that says no
EXIT_BAD_INPUT = 2  # something given could not be used


def line(error: Refused) -> str:
    """The one line that a person reads: the thing, what is wrong, and the remedy."""
    return f"shengjian: {' '.join(str(error).split())}"
