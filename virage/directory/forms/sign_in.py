"""Shape and wording of what is typed to sign in, and to set how one does."""

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.account.forms import ChangePasswordForm, LoginForm, ResetPasswordKeyForm
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, AuthenticateWebAuthnForm
from allauth.mfa.webauthn.internal import auth as passkeys
from django import forms
from django.core.cache import cache

from virage.directory.actions.sign_in import tell
from virage.directory.models import Account
from virage.directory.rules import pin_faults
from virage.foundation.ui.fields import BAD_EMAIL, EmailField

LABELS = {
    "login": "Adresse électronique",
    "email": "Adresse électronique",
    "oldpassword": "Mot de passe actuel",
    "password1": "Nouveau mot de passe",
    "password2": "Nouveau mot de passe, une seconde fois",
    "code": "Code à 6 chiffres",
    "name": "Nom de la clé",
}
# Longer than a code is accepted, whatever the clock of the telephone.
CODE_KEPT_S = 180
CODE_SERVED = "Ce code a déjà servi : attendez le suivant."
DIGITS = {"inputmode": "numeric", "autocomplete": "off"}


class PlainForm(forms.Form):
    """allauth's forms with our words: a label says it all, and the page itself helps."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.help_text = ""
            field.widget.attrs.pop("placeholder", None)
            field.label = LABELS.get(name, field.label)
            if name in ("login", "email"):
                field.error_messages["invalid"] = BAD_EMAIL
            if name == "code":
                field.widget.attrs["inputmode"] = "numeric"


class SignInForm(PlainForm, LoginForm):
    """Sign-in."""


class LostPasswordForm(forms.Form):
    """Asks for a link to choose a new password."""

    email = EmailField(
        label="Adresse électronique",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class NewPasswordForm(PlainForm, ResetPasswordKeyForm):
    """Chooses a password from such a link."""


class PasswordChangeForm(PlainForm, ChangePasswordForm):
    """Changes one's own password."""


def _serves_first(account: Account, code: str) -> bool:
    """Note that a code serves; False when it has already."""
    digits = "".join(filter(str.isdigit, code))
    return cache.add(f"virage.code:{account.pk}:{digits}", True, CODE_KEPT_S)


class CodeForm(PlainForm, AuthenticateForm):
    """The second factor: the code of an application, or a code of rescue."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = "Code de l’application, ou code de secours"

    def clean_code(self) -> str:
        """Refuse a code that has served: allauth forgets one while it is still accepted."""
        code: str = super().clean_code()
        is_new = _serves_first(self.user, code)
        if self.authenticator.type == Authenticator.Type.TOTP and not is_new:
            raise forms.ValidationError(CODE_SERVED)
        if self.authenticator.type == Authenticator.Type.RECOVERY_CODES:
            tell(self.user, "sign_in.rescue_code")
        return code

    def _emit_authentication_failed(self, authenticator: Authenticator) -> None:
        super()._emit_authentication_failed(authenticator)
        tell(self.user, "sign_in.code_refused")


@contextmanager
def _readable() -> Iterator[None]:
    """Refuse what no browser answers for a key: those who read it raise nearly anything."""
    try:
        yield
    except (LookupError, TypeError, ValueError, AttributeError, struct.error) as error:
        raise get_adapter().validation_error("incorrect_code") from error


class PasskeyCheckForm(AuthenticateWebAuthnForm):
    """The second factor, by a key."""

    def clean_credential(self) -> Authenticator:
        with _readable():
            return super().clean_credential()


class Confirmed(forms.Form):
    """The password, asked again before what protects the account changes."""

    user: Account
    password = forms.CharField(
        label="Votre mot de passe",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        if not self.user.check_password(password):
            raise forms.ValidationError("Ce mot de passe est faux.")
        return password


class ConfirmForm(Confirmed):
    """The password alone, for what needs nothing more."""

    def __init__(self, *args: Any, user: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user


class RemovalForm(ConfirmForm):
    """Which key no longer opens the account."""

    key = forms.IntegerField(widget=forms.HiddenInput)


class PinForm(ConfirmForm):
    """The code by which its owner unlocks a session."""

    pin = forms.CharField(
        label="Nouveau code de déverrouillage",
        help_text="De 4 à 8 chiffres, 6 de préférence ; ni suite, ni date.",
        widget=forms.PasswordInput(attrs={**DIGITS, "autocomplete": "new-password"}),
        max_length=8,
    )
    pin_again = forms.CharField(
        label="Le même code, une seconde fois",
        widget=forms.PasswordInput(attrs={**DIGITS, "autocomplete": "new-password"}),
        max_length=8,
    )
    field_order = ("pin", "pin_again", "password")

    def clean_pin(self) -> str:
        pin: str = self.cleaned_data["pin"]
        if faults := pin_faults(pin):
            raise forms.ValidationError(faults)
        return pin

    def clean_pin_again(self) -> str:
        again: str = self.cleaned_data["pin_again"]
        if self.cleaned_data.get("pin") not in (None, again):
            raise forms.ValidationError("Les deux codes diffèrent.")
        return again


class TotpForm(PlainForm, ActivateTOTPForm, Confirmed):
    """The first code of an application; its secret waits in the session.

    Who has no factor yet has just signed in: the password is asked of the others.
    """

    field_order = ("code", "password")

    def __init__(self, *args: Any, user: Account, is_first: bool, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        if is_first:
            del self.fields["password"]

    def clean(self) -> dict[str, Any]:
        """Let the code that adds the application sign nobody in besides."""
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors and not _serves_first(self.user, cleaned["code"]):
            self.add_error("code", CODE_SERVED)
        return cleaned

    @property
    def picture(self) -> str:
        """The secret as a drawing (SVG) that the application reads."""
        adapter = get_adapter()
        drawing: str = adapter.build_totp_svg(adapter.build_totp_url(self.user, self.secret))
        return drawing[drawing.index("<svg") :]


class PasskeyForm(PlainForm, AddWebAuthnForm, Confirmed):
    """A key to add, as the browser answers for it."""

    def clean(self) -> dict[str, Any]:
        with _readable():
            cleaned: dict[str, Any] = super().clean()
        return cleaned

    @property
    def options(self) -> Any:
        """What the browser is asked; the session keeps it until the answer."""
        return {"creation_options": passkeys.begin_registration(self.user, passwordless=False)}


class UnlockForm(forms.Form):
    """What opens a locked session: one's code, or one's password until there is one."""

    secret = forms.CharField(label="Code de déverrouillage", strip=False)

    def __init__(self, *args: Any, has_pin: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["secret"]
        attrs = {"autofocus": True, "autocomplete": "off" if has_pin else "current-password"}
        if has_pin:
            attrs["inputmode"] = "numeric"
        else:
            field.label = "Mot de passe"
        field.widget = forms.PasswordInput(attrs=attrs)


class ResetForm(forms.Form):
    """What the manager says before she gives a new way in, face to face."""

    has_seen = forms.BooleanField(
        label="La personne est devant moi, et je la connais ou j’ai vu une pièce d’identité"
    )
