"""Keeps a late backlog from taking the place of a newer value."""

BACKLOG_S = 31 * 86_400
"""No gateway keeps intervals for longer: a time that is further back means that its clock was turned."""


class Newest:
    """Remembers the end of the newest interval of each owner."""

    def __init__(self) -> None:
        """Nothing has been told."""
        self._ended_at: dict[str, float] = {}

    def takes(self, owner: str, ended_at: float | None) -> bool:
        """Note an interval; False when it is known, or a newer one. One without an end time counts as new."""
        if ended_at is None:
            return True
        known = self._ended_at.get(owner)
        if known is not None and 0 <= known - ended_at <= BACKLOG_S:
            return False
        self._ended_at[owner] = ended_at
        return True
