"""What a password must be: length counts, common ones are refused, no composition rules."""

from itertools import pairwise

from portal.domain.words import N_

SHORTEST, LONGEST = 8, 128

# The passwords that attackers try first here; compared without case and without trailing digits or marks.
COMMON = frozenset(
    "password passw0rd qwerty qwertyui qwertyuiop asdfghjk asdfghjkl zxcvbnm 1q2w3e4r 1qaz2wsx abc abcd abcdefg"
    " abcdefgh admin administrator root welcome letmein iloveyou woaini woaini1314 teacher school principal"
    " laoshi xiaozhang xuexiao jiaoyu jiaoshi mima user guest test demo portal a aa qq".split()
)


def problem(password: str, username: str) -> str | None:
    """Why the password is not accepted, as a message id; None when it is."""
    if len(password) < SHORTEST:
        return N_("密码至少 8 个字符")
    if len(password) > LONGEST:
        return N_("密码最多 128 个字符")
    if not is_plain_text(password):
        return N_("密码里有不能用的字符")
    folded = password.casefold()
    if username and username.casefold() in folded and len(username) >= 4:
        return N_("密码里不要用自己的账号名")
    if len(set(folded)) < 3 or folded.strip("0123456789!@#$%^&*.?_-") in COMMON or _is_run(folded):
        return N_("这个密码太常见，容易被猜到")
    return None


def _is_run(text: str) -> bool:
    """Only digits, or one long ascending or descending sequence."""
    if text.isdigit():
        return len(text) < 12
    steps = {ord(b) - ord(a) for a, b in pairwise(text)}
    return steps in ({1}, {-1})


def is_plain_text(text: str) -> bool:
    """No control characters (NUL among them) and nothing that cannot be stored."""
    return all(ch >= " " and ch != "\x7f" and not "\ud800" <= ch <= "\udfff" for ch in text)
