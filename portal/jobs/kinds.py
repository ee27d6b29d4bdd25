"""What each kind of job does."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module


@dataclass(frozen=True)
class Kind:
    """A kind of job: the function ``module:name`` that does it, loaded when it is first needed."""

    work: str

    def function(self) -> Callable:
        """``function(job, say)`` returns the key of the file it made, or raises JobFailed.

        ``say(done, message, **words)`` tells how far it is.
        """
        module, name = self.work.split(":")
        return getattr(import_module(module), name)


KINDS = {
    "summary_pdf": Kind("portal.jobs.summary_pdf:make"),
    "visiting_plan": Kind("portal.jobs.visiting_plan:make"),
    "cluster_paper": Kind("portal.jobs.cluster_paper:make"),
    "template_pdf": Kind("portal.jobs.template_pdf:make"),
    "certificate_pdf": Kind("portal.jobs.certificate_pdf:make"),
    "report_pdf": Kind("portal.jobs.report_pdf:make"),
}
