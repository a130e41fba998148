"""Settings of an installation that ends itself at the point it is told; beside them they are those of the portal."""

from portal.settings import *  # noqa: F403
from portal.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.messaging.messages.killing.apps.KillingConfig"]
