"""The addresses of the bare project."""

from django.contrib.auth.views import LoginView
from django.urls import path

from tests.bench.bare.views import log, page

urlpatterns = [
    path("sign-in/", LoginView.as_view(template_name="bare/sign_in.html")),
    path("page/", page),
    path("log/", log),
]
