"""Addresses of signing in and of one's own security."""

from django.urls import path

from accounts.views import browsers, email, password, security, sign_in

app_name = "accounts"
urlpatterns = [
    path("sign-in/", sign_in.sign_in, name="sign_in"),
    path("sign-in/code/", sign_in.sign_in_code, name="sign_in_code"),
    path("sign-in/code/resend/", sign_in.sign_in_resend, name="sign_in_resend"),
    path("sign-in/recovery/", sign_in.sign_in_recovery, name="sign_in_recovery"),
    path("sign-in/forgotten/", password.password_forgotten, name="password_forgotten"),
    path("sign-in/reset/", password.password_reset, name="password_reset"),
    path("sign-in/email/", email.email_confirm, name="email_confirm"),
    path("sign-in/undo/", email.change_undo, name="change_undo"),
    path("sign-out/", sign_in.sign_out, name="sign_out"),
    path("account/security/", security.security, name="security"),
    path("account/security/password/", security.password_change, name="password_change"),
    path("account/security/email/", email.email_change, name="email_change"),
    path("account/security/confirm/", password.confirm, name="confirm"),
    path("account/security/factors/recovery-codes/", security.recovery_codes_make, name="recovery_codes_make"),
    path("account/security/browsers/<uuid:handle>/rename/", browsers.browser_rename, name="browser_rename"),
    path("account/security/browsers/<uuid:handle>/session/end/", browsers.session_end, name="session_end"),
    path("account/security/browsers/<uuid:handle>/forget/", browsers.browser_forget, name="browser_forget"),
    path("account/security/browsers/forget/", browsers.browsers_forget, name="browsers_forget"),
    path("account/security/sessions/end-others/", browsers.sessions_end_others, name="sessions_end_others"),
]
