"""The mailbox's one exception type."""


class MailboxError(Exception):
    """A call that the mailbox rejects; its text tells the agent what to do next."""
