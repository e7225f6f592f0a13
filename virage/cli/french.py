"""The French words of the command line itself: click asks gettext for its own."""

import gettext

WORDS = {
    "Usage:": "Emploi :",
    "Options": "Options",
    "Commands": "Commandes",
    "Positional arguments": "Arguments",
    "Show this message and exit.": "Montre cette aide.",
    "Error: {message}": "Erreur : {message}",
    "Error: invalid input": "Erreur : saisie illisible",
    "Aborted!": "Abandonné.",
    "Try '{command} {option}' for help.": "« {command} {option} » montre l’aide.",
    "default: {default}": "par défaut : {default}",
    "Missing command.": "Il manque la commande.",
    "Missing argument": "Il manque l’argument",
    "Missing option": "Il manque l’option",
    "Missing parameter": "Il manque le paramètre",
    "Missing {param_type}": "Il manque : {param_type}",
    "No such option {name!r}.": "L’option {name} n’existe pas.",
    "No such command {name!r}.": "La commande {name} n’existe pas.",
    "Did you mean {possibility}?": "Vouliez-vous dire {possibility} ?",
    "(Did you mean one of: {possibilities}?)": "(Parmi : {possibilities} ?)",
    "Option {name!r} does not take a value.": "L’option {name} ne prend pas de valeur.",
    "Option {name!r} requires an argument.": "L’option {name} demande une valeur.",
    "Option {name!r} requires {nargs} arguments.": "L’option {name} demande {nargs} valeurs.",
    "Got unexpected extra argument ({args})": "Argument de trop : {args}",
    "Got unexpected extra arguments ({args})": "Arguments de trop : {args}",
    "Invalid value: {message}": "Valeur refusée : {message}",
    "Invalid value for {param_hint}: {message}": "Valeur refusée pour {param_hint} : {message}",
    "{value!r} is not a valid {number_type}.": "{value} n’est pas un nombre.",
    "{value!r} is not a valid UUID.": "{value} n’est pas un identifiant.",
    "{value!r} is not {choice}.": "{value} n’est pas {choice}.",
    "{value!r} is not one of {choices}.": "{value} n’est pas parmi {choices}.",
    "{value} is not in the range {range}.": "{value} est hors des limites {range}.",
    "{name} {filename!r} does not exist.": "{filename} n’existe pas.",
    "{name} {filename!r} is a file.": "{filename} est un fichier.",
    "{name} {filename!r} is a directory.": "{filename} est un dossier.",
    "{name} {filename!r} is not readable.": "{filename} ne peut pas être lu.",
    "{name} {filename!r} is not writable.": "{filename} ne peut pas être écrit.",
    "Could not open file {filename!r}: {message}": "{filename} ne s’ouvre pas : {message}",
    "file": "fichier",
    "directory": "dossier",
    "path": "chemin",
}


def install() -> None:
    """Give click its French words; to be called before click is imported, which binds them."""
    gettext.gettext = _word
    gettext.ngettext = _words


def _word(message: str) -> str:
    return WORDS.get(message, message)


def _words(msgid1: str, msgid2: str, n: int) -> str:
    return _word(msgid1 if n < 2 else msgid2)
