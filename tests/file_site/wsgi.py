"""What the web server calls."""

import os

from django.core.wsgi import get_wsgi_application

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.file_site.settings"
application = get_wsgi_application()
