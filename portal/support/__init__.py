"""The support pages: Django admin, reachable only through the portal's own sign-in with its second factor."""

from django.contrib.admin import apps as admin_apps


class SupportAdmin(admin_apps.AdminConfig):
    """Django admin with a site of our own."""

    default_site = "portal.support.site.SupportSite"
