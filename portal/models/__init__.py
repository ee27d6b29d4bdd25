"""The tables. Import from here: ``from portal.models import Meeting``."""

from portal.models import class_booking, double_booking, search_index  # noqa: F401  (indexes, triggers, events)
from portal.models.absences import Absence, AbsentSession, SubstituteAsk
from portal.models.activity_credits import ActivityCredit
from portal.models.activity_work import (
    ActivityCluster,
    ActivityEnrolment,
    ActivityFeedback,
    ActivityMove,
    ActivityQuota,
    ActivitySignup,
)
from portal.models.assessment import (
    AssessmentCase,
    AssessmentCaseFile,
    AssessmentRound,
    AssessmentTemplate,
)
from portal.models.attachments import ActivityFile, Attachment, OwnedFile, ResourceFile
from portal.models.attendance import CodeGuesses, SessionDispute
from portal.models.audit import AuditEntry, AuditHead, AuditValue
from portal.models.cluster_papers import CircularEdition, GroupSummary
from portal.models.clusters import Cluster, District, Membership, School
from portal.models.deliveries import Delivery, DeliverySignup, OfferSchool, TeachingOffer
from portal.models.exchange import Posting, ServiceRecord
from portal.models.feeds import CalendarFeed
from portal.models.groups import ClusterGroup, DutyTurn, GroupMember, ResponsibilityLetter
from portal.models.handovers import Handover, HandoverSignature, PostingResult
from portal.models.jobs import Job, StoredFile
from portal.models.ledgers import LedgerEntry
from portal.models.limits import BusyHour, TeacherLimit, TimetableImport
from portal.models.log_reports import LogReport, LogReportEntry
from portal.models.meeting_people import MeetingParticipant
from portal.models.mentoring_cycle import (
    MentoringRenewal,
    PairDate,
    PairFit,
    PairReview,
    WishChoice,
    WishList,
)
from portal.models.months import HomePeriods, MonthCorrection, MonthFigure, VisitingMonth
from portal.models.moved_sessions import MovedSession
from portal.models.notices import Notification
from portal.models.observation_forms import (
    ObservationSheet,
    ObservationTemplate,
    TemplateEdition,
    TemplateSuggestion,
)
from portal.models.opinions import Opinion, OpinionDigest
from portal.models.pairing import MentoringPair, SchoolPairing
from portal.models.pairing_cycle import (
    CycleSummary,
    PairingCount,
    PairingNeed,
    PairingPlanLine,
    PairingRenewal,
    PairingReview,
    SupportDetail,
)
from portal.models.people import Account, Employment, LoginSession, Person, PersonTitle, RoleAssignment
from portal.models.plans import Activity, ActivityParticipant, Meeting, MeetingAttendance, MeetingTask
from portal.models.proposals import LessonDemand, PlanProposal, ProposedLesson
from portal.models.quality import QualityAnalysis, QualityStep
from portal.models.record_presence import RecordPresence
from portal.models.records import RemovedRecord, WorkRecord
from portal.models.reflection_files import ReflectionFile
from portal.models.reflections import CommentMention, MentorNote, Reflection, ReflectionComment
from portal.models.resources import Resource, ResourceSchool, ResourceUse
from portal.models.rosters import AppointmentPeriod, PersonCondition, RosterImport, SubjectStaffing
from portal.models.school_requests import SchoolRequest, SchoolRequestStep
from portal.models.search import SearchEntry
from portal.models.secondment_files import SecondmentEntryFile
from portal.models.secondment_work import (
    SecondmentContact,
    SecondmentEntry,
    SecondmentEvaluation,
    SecondmentLeave,
    StudyPlan,
    StudyTrip,
)
from portal.models.secondments import (
    Secondment,
    SecondmentBatch,
    SecondmentExpert,
    SecondmentProgramme,
    SecondmentScore,
)
from portal.models.sent_forms import SentForm
from portal.models.subsidies import SubsidyItem, SubsidyList, SubsidyTier
from portal.models.summaries import SummaryConsent, SummarySection, SummarySnapshot, TermSummary
from portal.models.supervision import Inspection, Problem
from portal.models.term_plans import PlanConsent, PlanEdition, PlanItem, PlanPart, TermPlan
from portal.models.term_turn import TermTurnMark
from portal.models.terms import CalendarDay, Term
from portal.models.typical_cases import LogCall, TypicalCase
from portal.models.visiting import BellPeriod, TravelTime, VisitingLesson, VisitingSession
from portal.models.volunteers import Programme, ProgrammeTarget, ServiceCertificate, Volunteer

__all__ = [
    "Absence",
    "AbsentSession",
    "Account",
    "Activity",
    "ActivityCluster",
    "ActivityCredit",
    "ActivityEnrolment",
    "ActivityFeedback",
    "ActivityFile",
    "ActivityMove",
    "ActivityParticipant",
    "ActivityQuota",
    "ActivitySignup",
    "AppointmentPeriod",
    "AssessmentCase",
    "AssessmentCaseFile",
    "AssessmentRound",
    "AssessmentTemplate",
    "Attachment",
    "AuditEntry",
    "AuditHead",
    "AuditValue",
    "BellPeriod",
    "BusyHour",
    "CalendarDay",
    "CalendarFeed",
    "CircularEdition",
    "Cluster",
    "ClusterGroup",
    "CodeGuesses",
    "CommentMention",
    "CycleSummary",
    "Delivery",
    "DeliverySignup",
    "District",
    "DutyTurn",
    "Employment",
    "GroupMember",
    "GroupSummary",
    "Handover",
    "HandoverSignature",
    "HomePeriods",
    "Inspection",
    "Job",
    "LedgerEntry",
    "LessonDemand",
    "LogCall",
    "LogReport",
    "LogReportEntry",
    "LoginSession",
    "Meeting",
    "MeetingAttendance",
    "MeetingParticipant",
    "MeetingTask",
    "Membership",
    "MentorNote",
    "MentoringPair",
    "MentoringRenewal",
    "MonthCorrection",
    "MonthFigure",
    "MovedSession",
    "Notification",
    "ObservationSheet",
    "ObservationTemplate",
    "OfferSchool",
    "Opinion",
    "OpinionDigest",
    "OwnedFile",
    "PairDate",
    "PairFit",
    "PairReview",
    "PairingCount",
    "PairingNeed",
    "PairingPlanLine",
    "PairingRenewal",
    "PairingReview",
    "Person",
    "PersonCondition",
    "PersonTitle",
    "PlanConsent",
    "PlanEdition",
    "PlanItem",
    "PlanPart",
    "PlanProposal",
    "Posting",
    "PostingResult",
    "Problem",
    "Programme",
    "ProgrammeTarget",
    "ProposedLesson",
    "QualityAnalysis",
    "QualityStep",
    "RecordPresence",
    "Reflection",
    "ReflectionComment",
    "ReflectionFile",
    "RemovedRecord",
    "Resource",
    "ResourceFile",
    "ResourceSchool",
    "ResourceUse",
    "ResponsibilityLetter",
    "RoleAssignment",
    "RosterImport",
    "School",
    "SchoolPairing",
    "SchoolRequest",
    "SchoolRequestStep",
    "SearchEntry",
    "Secondment",
    "SecondmentBatch",
    "SecondmentContact",
    "SecondmentEntry",
    "SecondmentEntryFile",
    "SecondmentEvaluation",
    "SecondmentExpert",
    "SecondmentLeave",
    "SecondmentProgramme",
    "SecondmentScore",
    "SentForm",
    "ServiceCertificate",
    "ServiceRecord",
    "SessionDispute",
    "StoredFile",
    "StudyPlan",
    "StudyTrip",
    "SubjectStaffing",
    "SubsidyItem",
    "SubsidyList",
    "SubsidyTier",
    "SubstituteAsk",
    "SummaryConsent",
    "SummarySection",
    "SummarySnapshot",
    "SupportDetail",
    "TeacherLimit",
    "TeachingOffer",
    "TemplateEdition",
    "TemplateSuggestion",
    "Term",
    "TermPlan",
    "TermSummary",
    "TermTurnMark",
    "TimetableImport",
    "TravelTime",
    "TypicalCase",
    "VisitingLesson",
    "VisitingMonth",
    "VisitingSession",
    "Volunteer",
    "WishChoice",
    "WishList",
    "WorkRecord",
]
