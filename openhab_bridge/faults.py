"""Errors that come in groups: of tasks that ran side by side."""


def first[E: Exception](group: BaseExceptionGroup[E]) -> E:
    """Return the first error of a group, however deep it is in groups of groups."""
    error = group.exceptions[0]
    return first(error) if isinstance(error, BaseExceptionGroup) else error
