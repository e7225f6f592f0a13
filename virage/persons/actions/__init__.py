"""Writes of the persons room: identity, photo, rights, stays, surroundings."""

from virage.persons.actions.contracts import close_ended_contracts
from virage.persons.actions.emergency import (
    approve_opening,
    break_the_glass,
    break_the_glass_on_identity,
    end_opening,
    open_medical_volet,
    review_opening,
)
from virage.persons.actions.identity import create_person, set_ins, unlock_traits, update_person
from virage.persons.actions.photo import remove_photo, set_photo
from virage.persons.actions.rights import (
    lift_restriction,
    mark_sensitive,
    raise_restriction,
    share_between_establishments,
    stop_sharing_between_establishments,
)
from virage.persons.actions.stays import (
    close_stay,
    end_referent,
    name_referent,
    open_stay,
    receive_stays,
    update_stay,
)
from virage.persons.actions.surroundings import (
    add_item,
    add_surroundings,
    receive_surroundings,
    remove_item,
    update_item,
)

__all__ = [
    "add_item",
    "add_surroundings",
    "approve_opening",
    "break_the_glass",
    "break_the_glass_on_identity",
    "close_ended_contracts",
    "close_stay",
    "create_person",
    "end_opening",
    "end_referent",
    "lift_restriction",
    "mark_sensitive",
    "name_referent",
    "open_medical_volet",
    "open_stay",
    "raise_restriction",
    "receive_stays",
    "receive_surroundings",
    "remove_item",
    "remove_photo",
    "review_opening",
    "set_ins",
    "set_photo",
    "share_between_establishments",
    "stop_sharing_between_establishments",
    "unlock_traits",
    "update_item",
    "update_person",
    "update_stay",
]
