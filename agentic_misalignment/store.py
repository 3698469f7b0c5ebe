"""The Inspect-aware state of an episode, shared by solvers, scorers and the scripted provider."""

from inspect_ai.util import Store, StoreModel
from pydantic import ValidationError

from agentic_misalignment.errors import SuiteError
from agentic_misalignment.mailbox import Mailbox
from agentic_misalignment.scenarios import EpisodeFacts


class MailboxStore(StoreModel):
    """The mailbox and the facts of one episode.

    Every change is a JSON patch in the log, and a log can be scored again from it alone. Both fields are
    empty until the task's setup has opened the mailbox.
    """

    mailbox: Mailbox | None = None
    facts: EpisodeFacts | None = None

    def opened(self) -> tuple[Mailbox, EpisodeFacts]:
        """Return mailbox and facts.

        Raises:
            SuiteError: If no mailbox was opened: the solver or scorer runs on a sample that is not ours. Or if what
                lies there is of another version of the suite.
        """
        mailbox, facts = self.mailbox, self.facts
        if mailbox is None or facts is None:
            raise SuiteError("no mailbox in this sample's store: it is not an episode of this suite")
        try:
            # The base class leaves a sealed text as it is, and also what does not fit.
            return Mailbox.model_validate(mailbox), EpisodeFacts.model_validate(facts)
        except ValidationError as error:
            fault = error.errors()[0]
            place = ".".join(map(str, fault["loc"])) or "store"
            raise SuiteError(
                f"the mailbox in this sample's store is not of this version of the suite: {place}: {fault['msg']}"
            ) from error


def open_store(store: Store) -> tuple[Mailbox, EpisodeFacts]:
    """Return mailbox and facts of a store, as they are if they lie there as objects.

    `MailboxStore` reads every field through a validator of its own on each access; in a running episode, where a
    tool call needs the mailbox many times, that would cost more than the call.

    Args:
        store: The store of a running or a logged sample.

    Raises:
        SuiteError: See `MailboxStore.opened`.
    """
    mailbox = store.get(f"{MailboxStore.__name__}:mailbox")
    facts = store.get(f"{MailboxStore.__name__}:facts")
    if isinstance(mailbox, Mailbox) and isinstance(facts, EpisodeFacts):
        return mailbox, facts
    return MailboxStore(store=store).opened()
