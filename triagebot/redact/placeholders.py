"""What stands in place of a secret."""

import re

PLACEHOLDER = re.compile(r"\[REDACTED:(?P<kind>[0-9A-Za-z_.-]{1,80})#(?P<number>[0-9]{1,9})\]")
"""A placeholder as it stands in text: the kind of the secret, and its number within the kind.

Hit: `[REDACTED:jwt#1]`
Miss: `[REDACTED]`
"""
