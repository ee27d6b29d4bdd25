"""Numbers as they are shown before somebody asks to see them in full."""


def masked_phone(number: str | None) -> str:
    """138****5678 of a phone number: at least half of it is hidden. Empty when there is none."""
    digits = (number or "").strip()
    if len(digits) < 7:
        return "*" * len(digits)
    head, tail = (3, 4) if len(digits) >= 11 else (0, len(digits) // 2 - 1)
    return digits[:head] + "*" * (len(digits) - head - tail) + digits[len(digits) - tail :]
