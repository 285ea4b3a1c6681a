"""What is wrong with a configuration."""

from collections.abc import Iterable


class ConfigurationError(Exception):
    """The bridge cannot start so; `problems` says where, what is wrong, and what is allowed. No secret is in it."""

    def __init__(self, problems: Iterable[str]) -> None:
        """Keep every problem, so that all can be mended at once."""
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))
