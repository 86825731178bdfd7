"""What a list, an export and a notice may show (domain §15.1; the three shapes of the old systems made one)."""


def mask_id_number(text: str) -> str:
    """First six, eight stars, last four; anything too short for that shows stars only."""
    return f"{text[:6]}********{text[-4:]}" if len(text or "") >= 15 else "*" * len(text or "")


def mask_child_id_number(text: str) -> str:
    """First six and twelve stars: of a child under 14 not even the last four are shown (domain §15.1)."""
    return f"{text[:6]}{'*' * 12}" if len(text or "") >= 15 else "*" * len(text or "")


def mask_phone(text: str) -> str:
    """First three, four stars, last four; a short number keeps its last two only."""
    text = text or ""
    if len(text) >= 11:
        return f"{text[:3]}****{text[-4:]}"
    return "*" * (len(text) - 2) + text[-2:] if len(text) > 4 else "*" * len(text)


def mask_name(text: str) -> str:
    """张*三, 张* for two characters, and first and last around the stars for longer names (public pages)."""
    text = text or ""
    if len(text) <= 1:
        return "*" * len(text)
    return f"{text[0]}*" if len(text) == 2 else f"{text[0]}{'*' * (len(text) - 2)}{text[-1]}"


def mask_all(text: str) -> str:
    """Six stars whatever the length; '' stays ''."""
    return "******" if text else ""


MASKS = {
    "id_number": mask_id_number,
    "child_id_number": mask_child_id_number,
    "phone": mask_phone,
    "name": mask_name,
    "all": mask_all,
}


def group_of_four(text: str) -> str:
    """A long number in groups of four from the left, so that two people can read it out to each other."""
    text = text or ""
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))
