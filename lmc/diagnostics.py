"""What lmc says when something is wrong: one sentence, never a traceback."""


class LmcError(Exception):
    """A mistake the user can mend; the message says what, where and what to do (exit status 1)."""


class UsageError(LmcError):
    """A command used wrongly: unknown option, pass or value (exit status 2)."""
