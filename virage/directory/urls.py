"""Sign-in and the directory. Of allauth's pages only those named here can be reached."""

from allauth.account import views as allauth_views
from allauth.mfa.base import views as factor_views
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path, re_path
from django.views.decorators.http import require_http_methods, require_POST

from virage.directory.middleware import without_situation
from virage.directory.views import (
    accounts,
    imports,
    lock,
    matrix,
    memberships,
    passwords,
    professionals,
    seeing,
    sign_in,
    situations,
    structures,
    tasks,
)

directory_patterns = [
    path("", situations.home_page, name="home"),
    path("situation/", situations.situation, name="situation"),
    path("verrou/", lock.lock, name="lock"),
    path("verrouiller/", lock.lock_now, name="lock_now"),
    path("presence/", lock.presence, name="presence"),
    path("ma-connexion/", sign_in.my_sign_in, name="my_sign_in"),
    path("ma-connexion/application/", sign_in.totp, name="totp"),
    path("ma-connexion/cle/", sign_in.passkey_add, name="passkey_add"),
    path("ma-connexion/cle/retirer/", sign_in.passkey_remove, name="passkey_remove"),
    path("ma-connexion/codes-de-secours/", sign_in.codes_renew, name="codes_renew"),
    path("ma-connexion/code/", sign_in.pin, name="pin"),
    path("ma-connexion/sessions/fermer/", sign_in.sessions_leave, name="sessions_leave"),
    path("annuaire/taches/", tasks.task_list, name="task_list"),
    path("annuaire/taches/reprendre/", tasks.task_retry_all, name="task_retry_all"),
    path("annuaire/taches/<uuid:task_id>/reprendre/", tasks.task_retry, name="task_retry"),
    path("annuaire/imports/", imports.import_list, name="import_list"),
    path("annuaire/imports/<uuid:import_id>/", imports.import_page, name="import"),
    path("annuaire/imports/<uuid:import_id>/colonnes/", imports.import_check, name="import_check"),
    path("annuaire/imports/<uuid:import_id>/ecrire/", imports.import_apply, name="import_apply"),
    path(
        "annuaire/imports/<uuid:import_id>/abandonner/",
        imports.import_discard,
        name="import_discard",
    ),
    path("annuaire/imports/<uuid:import_id>/erreurs/", imports.import_errors, name="import_errors"),
    path("annuaire/", structures.establishment_list, name="establishment_list"),
    path("annuaire/organisme/modifier/", structures.operator_edit, name="operator_edit"),
    path(
        "annuaire/etablissements/nouveau/",
        structures.establishment_add,
        name="establishment_add",
    ),
    path(
        "annuaire/etablissements/<uuid:establishment_id>/",
        structures.establishment,
        name="establishment",
    ),
    path(
        "annuaire/etablissements/<uuid:establishment_id>/modifier/",
        structures.establishment_edit,
        name="establishment_edit",
    ),
    path(
        "annuaire/etablissements/<uuid:establishment_id>/unites/nouvelle/",
        structures.unit_add,
        name="unit_add",
    ),
    path("annuaire/unites/<uuid:unit_id>/modifier/", structures.unit_edit, name="unit_edit"),
    path("annuaire/unites/<uuid:unit_id>/chambres/nouvelle/", structures.room_add, name="room_add"),
    path("annuaire/chambres/<uuid:room_id>/modifier/", structures.room_edit, name="room_edit"),
    path("annuaire/professionnels/", professionals.professional_list, name="professional_list"),
    path(
        "annuaire/professionnels/nouveau/", professionals.professional_add, name="professional_add"
    ),
    path(
        "annuaire/professionnels/<uuid:professional_id>/",
        professionals.professional,
        name="professional",
    ),
    path(
        "annuaire/professionnels/<uuid:professional_id>/modifier/",
        professionals.professional_edit,
        name="professional_edit",
    ),
    path(
        "annuaire/professionnels/<uuid:professional_id>/compte/",
        professionals.account_open,
        name="account_open",
    ),
    path(
        "annuaire/professionnels/<uuid:professional_id>/lien/",
        professionals.password_link,
        name="password_link",
    ),
    path(
        "annuaire/professionnels/<uuid:professional_id>/acces/",
        accounts.account,
        name="account",
    ),
    path(
        "annuaire/professionnels/<uuid:professional_id>/acces/inviter/",
        accounts.account_invite,
        name="account_invite",
    ),
    path(
        "annuaire/professionnels/<uuid:professional_id>/acces/redonner/",
        accounts.access_reset,
        name="access_reset",
    ),
    path(
        "annuaire/professionnels/<uuid:professional_id>/acces/sessions/fermer/",
        accounts.sessions_end,
        name="sessions_end",
    ),
    path(
        "annuaire/professionnels/<uuid:professional_id>/depart/",
        accounts.departure,
        name="departure",
    ),
    path(
        "annuaire/professionnels/<uuid:professional_id>/depart/annuler/",
        accounts.departure_cancel,
        name="departure_cancel",
    ),
    path(
        "annuaire/professionnels/<uuid:professional_id>/situations/nouvelle/",
        memberships.membership_open,
        name="membership_open",
    ),
    path("annuaire/droits/", matrix.matrix, name="matrix"),
    path("annuaire/droits/modifier/", matrix.matrix_edit, name="matrix_edit"),
    path("annuaire/droits/projet/", matrix.matrix_draft, name="matrix_draft"),
    path("annuaire/droits/projet/abandonner/", matrix.matrix_drop, name="matrix_drop"),
    path("annuaire/droits/<int:number>/", matrix.matrix_version, name="matrix_version"),
    path("annuaire/droits/<int:number>/reprendre/", matrix.matrix_return, name="matrix_return"),
    path("annuaire/situations/", memberships.membership_list, name="membership_list"),
    path(
        "annuaire/situations/<uuid:membership_id>/fin/",
        memberships.membership_end,
        name="membership_end",
    ),
    path(
        "annuaire/situations/<uuid:membership_id>/droits/",
        seeing.membership_rights,
        name="membership_rights",
    ),
    path(
        "annuaire/situations/<uuid:membership_id>/voir-comme/",
        seeing.membership_look_as,
        name="membership_look_as",
    ),
    path("ma-place/", seeing.look_back, name="look_back"),
]

# allauth counts a try on whatever is no GET: nothing is written for a HEAD.
shown_or_sent = require_http_methods(["GET", "POST"])
account_patterns = [
    path("connexion/", shown_or_sent(allauth_views.login), name="account_login"),
    path(
        "connexion/second-facteur/",
        shown_or_sent(factor_views.authenticate),
        name="mfa_authenticate",
    ),
    path(
        "deconnexion/",
        require_POST(login_not_required(lock.leaving(allauth_views.logout))),
        name="account_logout",
    ),
    path("compte-ferme/", allauth_views.account_inactive, name="account_inactive"),
    path(
        "mot-de-passe/changer/",
        shown_or_sent(without_situation(allauth_views.password_change)),
        name="account_change_password",
    ),
    path("mot-de-passe/oublie/", passwords.ask_for_link, name="account_reset_password"),
    path(
        "mot-de-passe/envoye/",
        allauth_views.password_reset_done,
        name="account_reset_password_done",
    ),
    path(
        "mot-de-passe/choisi/",
        allauth_views.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    re_path(
        r"^mot-de-passe/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)/$",
        passwords.choose_password,
        name="account_reset_password_from_key",
    ),
]

urlpatterns = [
    path("", include((directory_patterns, "directory"))),
    path("", include(account_patterns)),
]
