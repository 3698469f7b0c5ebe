"""Our rubrics on logs of any suite: conversations with e-mail tools become dossiers, and Inspect Scout scans them."""

from agentic_misalignment.scanning.conversation import Conversation, read_conversation

__all__ = ["Conversation", "read_conversation"]
