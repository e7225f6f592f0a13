"""The usagers. Addresses carry opaque ids, places and states; names and numbers go by POST."""

from django.urls import path, register_converter

from virage.persons.views import (
    emergency,
    identity,
    lists,
    openings,
    photos,
    rights,
    stays,
    surroundings,
)

app_name = "persons"


class KindConverter:
    """The words of an address that name a kind of thing around the person, and no other."""

    regex = "|".join(surroundings.KINDS)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(KindConverter, "kind")

urlpatterns = [
    path("", lists.person_page, name="list"),
    path("recherche/", lists.person_search, name="search"),
    path("urgence/", emergency.emergency_search, name="emergency_search"),
    path("bris-de-glace/", openings.opening_list, name="opening_list"),
    path("bris-de-glace/<uuid:opening_id>/", openings.opening, name="opening"),
    path(
        "bris-de-glace/<uuid:opening_id>/approuver/",
        openings.opening_approve,
        name="opening_approve",
    ),
    path("nouveau/", identity.person_create, name="person_create"),
    path("<uuid:person_id>/", identity.identity, name="identity"),
    path("<uuid:person_id>/urgence/", emergency.emergency, name="emergency"),
    path("<uuid:person_id>/urgence/ouvrir/", emergency.emergency_open, name="emergency_open"),
    path(
        "<uuid:person_id>/urgence/medical/",
        emergency.emergency_medical,
        name="emergency_medical",
    ),
    path("<uuid:person_id>/urgence/fin/", emergency.emergency_end, name="emergency_end"),
    path("<uuid:person_id>/droits/", rights.rights, name="rights"),
    path("<uuid:person_id>/droits/fermer/", rights.restriction_add, name="restriction_add"),
    path(
        "<uuid:person_id>/droits/<uuid:restriction_id>/lever/",
        rights.restriction_lift,
        name="restriction_lift",
    ),
    path("<uuid:person_id>/droits/sensible/", rights.sensitive_mark, name="sensitive_mark"),
    path("<uuid:person_id>/droits/partager/", rights.sharing_open, name="sharing_open"),
    path("<uuid:person_id>/droits/ne-plus-partager/", rights.sharing_stop, name="sharing_stop"),
    path("<uuid:person_id>/modifier/", identity.person_edit, name="person_edit"),
    path("<uuid:person_id>/ins/", identity.ins_edit, name="ins_edit"),
    path("<uuid:person_id>/deverrouiller/", identity.traits_unlock, name="traits_unlock"),
    path("<uuid:person_id>/photo/", photos.photo, name="photo"),
    path("<uuid:person_id>/photo/changer/", photos.photo_edit, name="photo_edit"),
    path("<uuid:person_id>/photo/retirer/", photos.photo_remove, name="photo_remove"),
    path("<uuid:person_id>/sejours/", stays.stay_page, name="stays"),
    path("<uuid:person_id>/sejours/nouveau/", stays.stay_add, name="stay_add"),
    path("<uuid:person_id>/sejours/<uuid:stay_id>/", stays.stay_edit, name="stay_edit"),
    path("<uuid:person_id>/sejours/<uuid:stay_id>/sortie/", stays.stay_close, name="stay_close"),
    path("<uuid:person_id>/referents/nouveau/", stays.referent_name, name="referent_name"),
    path(
        "<uuid:person_id>/referents/<uuid:referent_id>/fin/",
        stays.referent_end,
        name="referent_end",
    ),
    path("<uuid:person_id>/entourage/", surroundings.surroundings_page, name="surroundings"),
    path("<uuid:person_id>/<kind:kind>/nouveau/", surroundings.item_add, name="item_add"),
    path("<uuid:person_id>/<kind:kind>/<uuid:item_id>/", surroundings.item_edit, name="item_edit"),
    path(
        "<uuid:person_id>/<kind:kind>/<uuid:item_id>/retirer/",
        surroundings.item_remove,
        name="item_remove",
    ),
]
