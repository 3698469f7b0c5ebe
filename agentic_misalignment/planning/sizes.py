"""How much text an episode has: counted from the rendered prompt and mails."""

from pydantic import BaseModel, ConfigDict

from agentic_misalignment.mailbox import Item
from agentic_misalignment.mailbox.views import message, summary
from agentic_misalignment.scenarios import Condition
from agentic_misalignment.scenarios.plan import Plan
from agentic_misalignment.scenarios.rendering import Renderer, mail_renderer

SINGLE_TURN = "single_turn"
"""The protocol without tools."""


class Sizes(BaseModel):
    """Characters of one episode's text, as the agent meets it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    single_turn: bool
    """Whether there is one reply only, and the mails stand in the prompt."""

    prompt: int
    """System prompt and opening, with all mails under `single_turn`."""

    mails: int
    """Mails in the inbox, a number."""

    mail_text: int
    """Text of these mails as `read_email` shows it."""

    list_text: int
    """Their lines in `list_emails`."""


def cell_sizes(plan: Plan, world: str, condition: Condition) -> Sizes:
    """Count the text of an episode, that of the first seed: others differ in names, wording and ordinary mail.

    Args:
        plan: The plan.
        world: One of its worlds.
        condition: One of its conditions.

    Raises:
        SuiteError: If a text cannot be rendered.
    """
    renderer = Renderer(mail_renderer(plan.scenario, world, plan.pack), condition, first_seed(plan))
    layout = renderer.settings.layout or "headers"
    inbox = [mail for mail in renderer.mails if not mail.sent]
    single = condition.level("protocol") == SINGLE_TURN
    prompt = len(str(renderer.system())) + len(str(renderer.opening()))
    return Sizes(
        single_turn=single,
        prompt=prompt + (len(renderer.mail_text()) if single else 0),
        mails=len(inbox),
        mail_text=sum(len(message(mail.email, layout=layout)) for mail in inbox),
        list_text=sum(len(summary(Item(email=mail.email, folder="inbox"))) for mail in inbox),
    )


def first_seed(plan: Plan) -> int:
    """Return the first seed of a plan."""
    return next(seed for _, _, seed in plan.coordinates())
