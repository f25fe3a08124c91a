"""JSON Schema as types: a small tree that both languages print."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Plain:
    """string, integer, number, boolean, null, any."""

    name: str


@dataclass(frozen=True)
class Literals:
    """One of some values."""

    values: tuple


@dataclass(frozen=True)
class Reference:
    """A type with a name."""

    name: str


@dataclass(frozen=True)
class Array:
    items: object


@dataclass(frozen=True)
class Map:
    """An object whose keys are data."""

    values: object


@dataclass(frozen=True)
class Union:
    members: tuple


@dataclass
class Field:
    name: str
    type: object
    is_required: bool
    doc: str


@dataclass
class Record:
    """An object with known keys."""

    name: str
    doc: str
    fields: list[Field] = field(default_factory=list)


@dataclass
class Alias:
    """A name for a type that is no record."""

    name: str
    doc: str
    type: object


def union(members):
    """One of some types, each once; what may be anything is nothing more."""
    flat = []
    for member in members:
        flat += member.members if isinstance(member, Union) else [member]
    if Plain("any") in flat:
        return Plain("any")
    if Plain("number") in flat and Plain("integer") in flat:
        flat.remove(Plain("integer"))
    unique = list(dict.fromkeys(flat))
    return unique[0] if len(unique) == 1 else Union(tuple(unique))
