"""The accounts of the cast, in the order in which tests walk them."""

ACCOUNTS = (
    "bureau",
    "personnel",
    "lead",
    "principal",
    "office",
    "teacher",
    "mentee",
    "mentor",
    "colleague",
    "nanjiao_principal",
    "liaison",
    "equal_lead",
    "equal_member",
    "equal_teacher",
    "west_bureau",
    "west_lead",
    "west_principal",
    "west_teacher",
)
