"""A script with what it reads, as one text for a shell.

In: a script and its input. Out: text for `eval`. Never puts either on an argument list or on a disk.
"""

from __future__ import annotations

import base64


def whole(script: str, stdin: bytes = b"") -> str:
    """In parentheses, so that the shell reads it to its end before it runs the first word.

    What it reads is a text in quotes of a builtin, which is on no argument list.
    """
    given = f"printf %s '{base64.b64encode(stdin).decode()}' | base64 -d | " if stdin else ""
    return f"{given}(\n{script}\n)\n"
