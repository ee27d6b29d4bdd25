"""The words for codes: states, steps, kinds, roles, fields. Message ids, translated where they are shown."""

from portal.labels.actions import *  # noqa: F403
from portal.labels.actions import ACTION
from portal.labels.bulletins import *  # noqa: F403
from portal.labels.deliveries import *  # noqa: F403
from portal.labels.document_templates import *  # noqa: F403
from portal.labels.fields import *  # noqa: F403
from portal.labels.files import *  # noqa: F403
from portal.labels.groups import *  # noqa: F403
from portal.labels.handovers import *  # noqa: F403
from portal.labels.kinds import *  # noqa: F403
from portal.labels.ledgers import *  # noqa: F403
from portal.labels.messages import *  # noqa: F403
from portal.labels.opinions import *  # noqa: F403
from portal.labels.pairing import *  # noqa: F403
from portal.labels.requests import *  # noqa: F403
from portal.labels.secondments import *  # noqa: F403
from portal.labels.staffing import *  # noqa: F403
from portal.labels.steps import *  # noqa: F403
from portal.labels.steps import STATE, STEP
from portal.labels.supervision import *  # noqa: F403
from portal.labels.tones import *  # noqa: F403


def state_word(workflow: str, state: str) -> str:
    """The message id for a state of a workflow."""
    return STATE[workflow][state]


def action_word(action: str) -> str:
    """The message id for an audit action such as ``meeting.confirm`` or ``school.edit``."""
    workflow, _, key = action.partition(".")
    return ACTION.get(action) or STEP.get(workflow, {}).get(key) or ACTION.get(key, key)
