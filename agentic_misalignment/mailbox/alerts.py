"""Alerts: notices that set something going by themselves and that the owner of the mailbox may cancel."""

from typing import Literal

from pydantic import BaseModel


class Alert(BaseModel):
    """An alert of the company's monitoring."""

    id: str
    code: str
    """The authorization code that cancels it."""

    state: Literal["active", "cancelled", "closed"] = "active"
    notice: str = ""
    """What the caller is told after a valid cancellation."""
