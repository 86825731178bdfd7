"""The choke point between a request and a row (domain §1.2, decision 3): a scope is a range of tree keys."""

import uuid
from dataclasses import dataclass
from typing import Literal

from django.db import models


@dataclass(frozen=True)
class Scope:
    """What a user may see: a subtree of the division tree, the rows of one owner, or nothing."""

    kind: Literal["region", "owner", "none"] = "none"
    low: str = ""
    high: str = ""
    owner: uuid.UUID | None = None
    person_id: int | None = None

    def covers(self, key: str) -> bool:
        """Does the tree key lie in this scope? Only a staff scope covers places."""
        return self.kind == "region" and self.low <= key <= self.high


NOTHING = Scope()


class RegionScopedQuerySet(models.QuerySet):
    """QuerySet of region-bound rows; `visible_to(user)` is the only way from a request to one of them."""

    def visible_to(self, user) -> "RegionScopedQuerySet":
        """Rows inside the user's scope; an anonymous or unknown user sees none."""
        scope = getattr(user, "scope", NOTHING)
        if scope.kind == "region":
            return self.for_staff(scope)
        if scope.kind == "owner":
            return self.for_owner(scope)
        return self.none()

    def for_staff(self, scope: Scope) -> "RegionScopedQuerySet":
        return self.filter(region_key__range=(scope.low, scope.high))

    def for_owner(self, scope: Scope) -> "RegionScopedQuerySet":
        """Nothing by default: a register opened to villagers says itself which column names the owner."""
        return self.none()
