"""Limits of an episode."""

TURN_LIMIT = 150
"""Model calls of one episode. The largest mailbox has 60 mails: reading each, answering a third of them and filing the
rest stays below it. An episode that reaches it has the status `limit` and no score."""
