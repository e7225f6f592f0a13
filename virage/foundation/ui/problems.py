"""How a screen says that something did not happen: what, what was kept, what to do, whom to ask."""

import logging
import secrets
from dataclasses import dataclass, field, replace

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.template.loader import render_to_string

from virage.foundation.access.looking import ONLY_LOOKS
from virage.foundation.errors import Conflict, DomainError, Invalid, Refused
from virage.foundation.ui import navigation
from virage.foundation.ui.context import Shell
from virage.foundation.ui.typed import typed_in

logger = logging.getLogger(__name__)

# Neither 0 and O nor 1 and I: a reference is read aloud on the telephone.
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
NOTHING_SAVED = "Rien n’a été enregistré."
STILL_SHOWN = "Rien n’a été enregistré ; votre saisie est toujours là, plus bas."
AGAIN = "Revenez à la page précédente et recommencez."
IF_AGAIN = "Si cela se répète, notez la transmission sur papier."


@dataclass(frozen=True, kw_only=True)
class Problem:
    """A page or a fragment that tells of a refusal or a failure.

    A fragment stands above the form that sent it, where what was typed stays: what is kept and
    what to do are then said otherwise (`…_in_place`). `door` names the address that opens the way
    again, in another tab so that nothing typed is lost. `renews_token` lets the forms of the page
    be sent again after a new sign-in; `reopens` leads back to the form.
    """

    status: int
    title: str
    message: str
    kept: str = NOTHING_SAVED
    kept_in_place: str = STILL_SHOWN
    next_step: str = ""
    next_step_in_place: str = ""
    whom_to_ask: str = ""
    door: str = ""
    door_label: str = ""
    renews_token: bool = False
    reopens: bool = False
    errors: dict[str, list[str]] = field(default_factory=dict)
    conflict: Conflict | None = None


NOT_FOUND = Problem(
    status=404,
    title="Cette page est introuvable",
    message="L’adresse est inexacte, ou ce qu’elle montrait n’existe pas ou plus.",
    next_step="Vérifiez l’adresse, ou revenez à l’accueil et passez par la recherche.",
)
FORBIDDEN = Problem(
    status=403,
    title="Vous n’avez pas accès à cette page",
    message="Votre situation actuelle n’ouvre pas cet accès.",
    next_step="Si vous exercez à plusieurs titres, changez de situation et recommencez.",
    whom_to_ask="votre chef de service ou la direction de l’établissement",
)
NOT_THIS_WAY = Problem(
    status=405,
    title="Cette adresse ne s’ouvre pas seule",
    message="Elle répond à un bouton d’une autre page ; demandée autrement, elle ne fait rien.",
    next_step="Rouvrez la page où se trouve ce bouton, et recommencez.",
)
BAD_REQUEST = Problem(
    status=400,
    title="La demande n’a pas été comprise",
    message="Ce que le navigateur a envoyé est incomplet ou mal formé.",
    next_step=AGAIN,
    next_step_in_place="Recommencez.",
)
TOO_LONG = Problem(
    status=413,
    title="Votre saisie est trop longue",
    message=f"Un formulaire porte {settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 10**6} Mo de texte "
    "au plus.",
    next_step="Copiez votre texte s’il est plus bas, rouvrez le formulaire et raccourcissez-le, ou "
    "joignez-le en document. S’il en a été gardé un brouillon, le formulaire le propose.",
    next_step_in_place="Raccourcissez le texte, ou joignez-le en document.",
    reopens=True,
)
STALE_PAGE = Problem(
    status=403,
    title="La page a été ouverte avant un changement de session",
    message="Pour votre sécurité, un formulaire ouvert avant une connexion, ou dans une autre "
    "situation, n’est pas accepté tel quel.",
    kept="Rien n’a été enregistré. Revenez à la page précédente : ce que vous y avez saisi peut "
    "encore être copié.",
    next_step="Copiez votre texte, rechargez la page, puis envoyez de nouveau.",
    next_step_in_place="Si c’est bien vous, enregistrez de nouveau : la page est remise à jour.",
    renews_token=True,
)
SESSION_ENDED = Problem(
    status=403,
    title="Votre session est finie",
    message="Sur un poste partagé, une session se ferme d’elle-même, ou quelqu’un l’a fermée.",
    next_step="Connectez-vous dans un autre onglet, puis collez-y votre texte.",
    next_step_in_place="Connectez-vous dans un autre onglet, puis revenez ici et enregistrez de "
    "nouveau.",
    door=settings.LOGIN_URL,
    door_label="Se connecter dans un autre onglet",
)
SESSION_LOCKED = Problem(
    status=403,
    title="Votre session est verrouillée",
    message="Personne ne s’en est servi pendant quelques minutes, ou vous l’avez verrouillée.",
    next_step="Déverrouillez-la dans un autre onglet, puis collez-y votre texte.",
    next_step_in_place="Déverrouillez-la dans un autre onglet, puis revenez ici et enregistrez de "
    "nouveau.",
    door=settings.LOCK_URL,
    door_label="Déverrouiller dans un autre onglet",
)
NO_SITUATION = Problem(
    status=403,
    title="Aucune situation n’est choisie",
    message="Celle où vous travailliez a pris fin, ou vous venez de vous reconnecter.",
    next_step="Choisissez-en une dans un autre onglet, puis collez-y votre texte.",
    next_step_in_place="Choisissez-en une dans un autre onglet, puis revenez ici et enregistrez de "
    "nouveau.",
    door=settings.SITUATION_URL,
    door_label="Choisir ma situation dans un autre onglet",
)
ONLY_LOOKING = Problem(
    status=403,
    title="Vous regardez comme quelqu’un d’autre",
    message="« Voir comme » ne fait que montrer : rien ne s’écrit, ne se cherche ni ne s’exporte.",
    next_step="Revenez à votre place par le bandeau du haut de la page, puis recommencez.",
)
FAILURE = Problem(
    status=500,
    title="Virage n’a pas pu terminer",
    message="Un défaut du logiciel a interrompu votre demande. Vous n’y êtes pour rien.",
    kept="Rien n’a été enregistré de cette dernière demande ; ce qui l’était déjà est intact.",
    next_step=f"{AGAIN} {IF_AGAIN}",
    next_step_in_place=f"Recommencez. {IF_AGAIN}",
    whom_to_ask="votre référent informatique, en lui donnant la référence ci-dessous",
)
DISK_FULL = Problem(
    status=507,
    title="Le disque est plein",
    message="Le serveur n’a plus de place : plus rien ne peut y être enregistré.",
    kept="Rien n’a été enregistré de cette dernière demande ; ce qui l’était déjà est intact.",
    next_step="Notez sur papier ce qui ne peut attendre, et faites prévenir tout de suite.",
    next_step_in_place="Laissez cette page ouverte, et faites prévenir tout de suite.",
    whom_to_ask="votre référent informatique, qui doit libérer de la place",
)
# Of who leaves a shared computer: the end is not written, the browser at least forgets the session.
FULL_ON_LEAVING = replace(
    DISK_FULL,
    message="Le serveur n’a plus de place : votre départ n’a pas pu y être noté. Ce navigateur, "
    "lui, a oublié votre session : personne ne peut plus s’en servir ici.",
    next_step="Fermez le navigateur, et faites prévenir tout de suite.",
    next_step_in_place="Fermez le navigateur, et faites prévenir tout de suite.",
)

UNAVAILABLE = Problem(
    status=503,
    title="Virage ne répond pas pour l’instant",
    message="La base de données ne répond pas. Vous n’y êtes pour rien.",
    kept="Rien n’a été enregistré de cette dernière demande ; ce qui l’était déjà est intact.",
    next_step=f"Attendez une minute. {AGAIN} {IF_AGAIN}",
    next_step_in_place=f"Attendez une minute, puis recommencez. {IF_AGAIN}",
    whom_to_ask="votre référent informatique, en lui donnant la référence ci-dessous",
)


def problem_of(error: DomainError) -> Problem:
    """Word a domain error that no form could show."""
    match error:
        case Refused(is_hidden=True):
            return NOT_FOUND
        case Refused(condition=condition) if condition == ONLY_LOOKS:
            return ONLY_LOOKING
        case Refused():
            return Problem(
                status=403,
                title="Cet accès vous est refusé",
                message=error.message,
                whom_to_ask=error.whom_to_ask,
            )
        case Conflict():
            return Problem(
                status=409,
                title="Quelqu’un a modifié ceci en même temps que vous",
                message=error.message,
                kept="Rien n’a été enregistré\u00a0; ce que vous auriez écrit est plus bas.",
                next_step="Copiez ce que vous voulez conserver, puis revoyez la page\u00a0: elle "
                "dit ce qui peut encore être enregistré.",
                reopens=True,
                conflict=error,
            )
        case Invalid():
            return Problem(
                status=422,
                title="Quelque chose est à corriger",
                message="La demande contient des erreurs.",
                next_step="Revenez à la page précédente et corrigez ce qui suit.",
                next_step_in_place="Corrigez ce qui suit.",
                errors=error.errors,
            )
    raise error


def keep_typing(request: HttpRequest, problem: Problem) -> HttpResponse | None:
    """Answer a form whose typing a detour by another page would lose; None when there is none."""
    if request.method != "POST" or not (_wants_fragment(request) or typed_in(request)):
        return None
    return answer(request, problem)


def answer(
    request: HttpRequest, problem: Problem, *, cause: str = "", sent: QueryDict | None = None
) -> HttpResponse:
    """Return the page, or the fragment for htmx; `cause` goes to the log with the reference.

    What was typed is given back on the page, to be copied: `sent`, where Django did not read it. No
    log holds it.
    """
    reference = f"{_letters(4)}-{_letters(4)}"
    has_failed = problem.status >= 500
    log = logger.error if has_failed else logger.info
    log("%s %s %s", problem.status, reference, cause or problem.title, exc_info=has_failed)
    is_fragment = _wants_fragment(request)
    kept = problem.kept_in_place if is_fragment else problem.kept
    shown: dict[str, object] = {
        "problem": problem,
        "reference": reference,
        "kept": "" if request.method in ("GET", "HEAD") else kept,
        "next_step": (is_fragment and problem.next_step_in_place) or problem.next_step,
        "typed": typed_in(request, sent),
        "form_url": navigation.page_before(request, request.path),
        "back": None,
    }
    template = "ui/_problem.html" if is_fragment else "ui/problem.html"
    if has_failed:
        # A bare shell: working out the whole one could fail in the same way.
        content = render_to_string(template, {**shown, "shell": Shell(), "messages": ()})
    else:
        content = render_to_string(template, {**shown, "back": _way_back(request)}, request)
    return HttpResponse(content, status=problem.status)


def _wants_fragment(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"


def _way_back(request: HttpRequest) -> tuple[str, str] | None:
    actor = getattr(request, "actor", None)
    if actor is None or request.resolver_match is None:
        return None
    return navigation.way_back_for(actor, request.resolver_match.kwargs)


def _letters(count: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(count))
