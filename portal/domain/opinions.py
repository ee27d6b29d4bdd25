"""The opinion box of a school (意见箱) and what its teacher representative makes of it (S1-49).

Teachers write with their name or without; the teacher representative (教师代表) of the school alone reads the single
opinions and collects them in words of the representative's own; the principal reads the collection and answers it;
then all who work there read both.
"""

from collections.abc import Mapping

TOPICS = ("exchange", "pairing", "visiting", "activities", "other")
STATES = ("open", "noted", "withdrawn")
DIGEST_STATES = ("drafting", "submitted", "answered")
#: Opinions of one school on one day; more are no opinions of its teachers.
MOST_A_DAY = 200


def outline(counts: Mapping[str, int], words: Mapping[str, str]) -> str:
    """What a new collection begins with: a heading for each topic that somebody wrote about."""
    return "\n\n".join(f"## {words[topic]}\n" for topic in TOPICS if counts.get(topic))
