"""Why a migration of the split stops: in numbers, and before anything is lost."""

from django.core.management.base import CommandError


class SplitMismatch(CommandError):
    """What was copied is not what is there."""


class SplitRefused(CommandError):
    """The wide Track has no place for something that is there now."""


def counted(cursor, questions):
    """The questions whose answer is not zero, with their answers."""
    found = []
    for what, question in questions:
        cursor.execute(question)
        (number,) = cursor.fetchone()
        if number:
            found.append(f"{what}: {number:,}")
    return found


def verify(cursor, questions):
    wrong = counted(cursor, questions)
    if wrong:
        raise SplitMismatch(
            f"The split was checked and is not what the wide Track held: {'; '.join(wrong)}. Nothing was removed."
        )


def refuse_losses(cursor, questions):
    lost = counted(cursor, questions)
    if lost:
        raise SplitRefused(
            f"The wide Track has no place for what this library holds: {'; '.join(lost)}. Nothing was changed; "
            "restore a backup of before the split instead, or remove these first."
        )
