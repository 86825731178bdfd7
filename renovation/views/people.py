"""How a person's name is shown to a member of the staff."""

from common.masking import mask_name


def name_for(user, name: str) -> str:
    """部级只看脱敏列表 (domain §1.1); inside a region names are shown in full (domain §15.1)."""
    return mask_name(name) if user.level == "ministry" else name
