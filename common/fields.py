"""Model fields whose values are sealed at rest (decisions 15, 23), and the blind indexes that find them.

    class Person(SealedModel):
        id_number = SealedTextField("身份证号", max_length=18, mask="id_number")
        id_index = BlindIndexField(source="id_number", kind="id_number")

Reading the attribute opens the seal each time and keeps no plaintext on the instance; assigning text seals it at
save. `values()` and `values_list()` give the opaque seal. A seal is bound to table and column: renaming either
needs a migration that seals again.
"""

import base64
import uuid

from django import forms
from django.db import models
from django.db.models.query_utils import DeferredAttribute

from common import crypto
from common.masking import MASKS

SERIALISED = "\x00sealed:"


class Sealed(bytes):
    """A seal as it lies in the database: opaque, and silent about itself in logs and tracebacks."""

    def __repr__(self) -> str:
        return "<已加密>"

    __str__ = __repr__

    def __deepcopy__(self, memo):
        return self


class Plain:
    """Text assigned to a sealed attribute and not yet saved; never shows itself and never goes into a pickle."""

    __slots__ = ("text",)

    def __init__(self, text: str):
        self.text = text

    def __repr__(self) -> str:
        return "<待加密>"

    def __deepcopy__(self, memo):
        return self

    def __reduce__(self):
        raise TypeError("unsaved plaintext is not pickled; SealedModel seals it first")


class SealedAttribute(DeferredAttribute):
    """The attribute of a sealed field: opens on reading, remembers what was assigned."""

    def __get__(self, instance, cls=None):
        if instance is None:
            return self
        held = instance.__dict__.get(self.field.attname, self)
        if held is self:  # deferred: the parent class fetches it, through SealedModel.refresh_from_db
            super().__get__(instance, cls)
            held = instance.__dict__[self.field.attname]
        if isinstance(held, Plain):
            return held.text
        return self.field.open(instance, held)

    def __set__(self, instance, value):
        if value is None or isinstance(value, Sealed):
            held = value
        elif isinstance(value, str):
            held = Plain(value)
        elif value == b"":
            held = Plain("")
        else:
            raise TypeError(f"{self.field.name} takes text, not {type(value).__name__}")
        instance.__dict__[self.field.attname] = held


class SealedTextField(models.BinaryField):
    """Text encrypted at rest, bound to its table, column and the row's uid; searchable only by a blind index.

    mask: how lists and the admin show it (masking.MASKS: id_number, phone, name, all), offered on the
    instance as `<field>_masked`.
    """

    descriptor_class = SealedAttribute
    empty_values = (None, "", b"")

    def __init__(self, *args, mask: str = "all", **kwargs):
        kwargs.setdefault("editable", True)
        self.mask = mask
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("editable", None)
        return name, path, args, kwargs | ({"editable": False} if not self.editable else {})

    def contribute_to_class(self, cls, name, **kwargs):
        super().contribute_to_class(cls, name, **kwargs)

        def masked(instance) -> str:
            return self.masked(instance)

        masked.short_description = self.verbose_name
        setattr(cls, f"{name}_masked", property(masked))

    def masked(self, instance) -> str:
        """The value as lists show it (domain §15.1)."""
        return MASKS[self.mask](getattr(instance, self.attname) or "")

    def bound_to(self, instance) -> dict:
        """The associated data of this row's seal (decision 23)."""
        return {"table": self.model._meta.db_table, "field": self.column, "uid": instance.uid}

    def open(self, instance, sealed: Sealed | None) -> str | None:
        """The text inside a seal of this row; an empty value is stored as no bytes at all."""
        if not sealed:
            return None if sealed is None else ""
        return crypto.unseal(sealed, **self.bound_to(instance))

    def sealed(self, instance) -> Sealed | None:
        """What the instance's present value looks like in the database; text just assigned is sealed anew."""
        held = instance.__dict__[self.attname]
        if not isinstance(held, Plain):
            return held
        return Sealed(crypto.seal(held.text, **self.bound_to(instance)) if held.text else b"")

    def pre_save(self, instance, add):
        if self.attname not in instance.__dict__:  # deferred: fetched before it can be written
            getattr(instance, self.attname)
        return self.sealed(instance)

    def get_db_prep_value(self, value, connection, prepared=False):
        # update() and bulk_update() come here without an instance, so without a uid to bind the seal to.
        if value is not None and not isinstance(value, Sealed):
            raise TypeError(f"{self.model.__name__}.{self.name} is sealed: assign it and save(), update() cannot")
        return super().get_db_prep_value(value, connection, prepared)

    def from_db_value(self, value, expression, connection):
        return None if value is None else Sealed(value)

    def to_python(self, value):
        if isinstance(value, str) and value.startswith(SERIALISED):
            return Sealed(base64.b64decode(value.removeprefix(SERIALISED)))
        return value

    def value_to_string(self, instance):
        held = self.pre_save(instance, add=False)
        return None if held is None else SERIALISED + base64.b64encode(held).decode()

    def get_default(self):
        return super().get_default() or (None if self.null else "")

    def get_lookup(self, lookup_name):
        # Equal texts have different seals: a comparison would silently find nothing.
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else None

    def formfield(self, **kwargs):
        options = {"form_class": forms.CharField, "max_length": self.max_length}
        if self.null:
            options["empty_value"] = None
        return super().formfield(**options | kwargs)


class BlindIndexField(models.CharField):
    """The keyed index of a sealed field (decision 15): exact search without the value. '' for an empty value.

    Computed at save whenever its source was assigned on this instance.
    """

    def __init__(self, *args, source: str, kind: str, **kwargs):
        self.source, self.kind = source, kind
        defaults = {"max_length": 64, "editable": False, "default": "", "blank": True, "db_index": True}
        super().__init__(*args, **defaults | kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, kwargs | {"source": self.source, "kind": self.kind, "db_index": self.db_index}

    def pre_save(self, instance, add):
        held = instance.__dict__.get(instance._meta.get_field(self.source).attname)
        if held is None and self.source in instance.__dict__:
            setattr(instance, self.attname, "")
        elif isinstance(held, Plain):
            setattr(instance, self.attname, crypto.blind_index(self.kind, held.text))
        return super().pre_save(instance, add)


class UidAttribute(DeferredAttribute):
    """The uid's attribute: seals follow their row when it takes another uid (merge, restore, copy)."""

    def __set__(self, instance, value):
        value = uuid.UUID(value) if isinstance(value, str) else value
        before = instance.__dict__.get(self.field.attname)
        if before is not None and value != before:
            for field in sealed_fields(instance):
                if instance.__dict__.get(field.attname, "deferred"):
                    setattr(instance, field.attname, getattr(instance, field.attname))
        instance.__dict__[self.field.attname] = value


class UidField(models.UUIDField):
    """The application-made uid of a row with sealed fields (decision 23)."""

    descriptor_class = UidAttribute


class SealedModel(models.Model):
    """A row with sealed fields (加密字段): its uid is made before the insert, and the seals are bound to it."""

    uid = UidField(default=uuid.uuid4, unique=True, editable=False)

    class Meta:
        abstract = True

    def __getstate__(self):
        """What copies and pickles (caches, task queues) carry: seals and fresh indexes, never plaintext."""
        state = super().__getstate__()
        for field in index_fields(self):
            if field.attname in self.__dict__:
                state[field.attname] = field.pre_save(self, add=False)
        for field in sealed_fields(self):
            if isinstance(state.get(field.attname), Plain):
                state[field.attname] = field.sealed(self)
        return state

    def save(self, *args, update_fields=None, **kwargs):
        """Save; the blind indexes go along whenever their source is among the updated fields."""
        for field in index_fields(self):  # also brings an index back that was deferred, so that it is written
            if isinstance(self.__dict__.get(field.source), Plain):
                field.pre_save(self, add=False)
        if update_fields is not None:
            wanted = set(update_fields)
            update_fields = wanted | {field.name for field in index_fields(self) if field.source in wanted}
        super().save(*args, update_fields=update_fields, **kwargs)

    def refresh_from_db(self, using=None, fields=None, from_queryset=None):
        """Reload; what Django hands over as text is held as a seal again, so that it does not count as assigned."""
        before = {field: self.__dict__.get(field.attname) for field in sealed_fields(self)}
        if fields is not None and {field.attname for field in before} & set(fields):
            fields = [*fields, "uid"]  # without it each seal would fetch the uid it is bound to by itself
        super().refresh_from_db(using, fields, from_queryset)
        for field, held in before.items():
            if isinstance(self.__dict__.get(field.attname), Plain) and self.__dict__[field.attname] is not held:
                self.__dict__[field.attname] = field.sealed(self)


def sealed_fields(model) -> list[SealedTextField]:
    """The sealed fields of a model or instance."""
    return [field for field in model._meta.concrete_fields if isinstance(field, SealedTextField)]


def index_fields(model) -> list[BlindIndexField]:
    """The blind indexes of a model or instance."""
    return [field for field in model._meta.concrete_fields if isinstance(field, BlindIndexField)]
