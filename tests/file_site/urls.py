"""The addresses of the file site, before those of the portal, whose pages the refusals need."""

from django.urls import include, path

from portal import urls
from tests.file_site import views

handler400, handler403, handler404, handler500 = urls.handler400, urls.handler403, urls.handler404, urls.handler500

urlpatterns = [
    path("sealed/", views.sealed),
    path("unclaimed/", views.unclaimed),
    path("members/", views.members),
    path("plain/", views.plain),
    path("no-files/", views.no_files),
    path("download/", views.download),
    path("archive/", views.archive),
    path("plain-download/", views.plain_download),
    path("", include(urls)),
]
