from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from config import errors, health

MOUNTS = [
    ("", "common"),
    ("", "applicants"),
    ("", "accounts"),
    ("regions/", "regions"),
    ("staff/cases/", "renovation"),
    ("staff/", "workbench"),
    ("files/", "households"),
]
urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    # Before the admin's own: its login, logout and password pages are those of the staff.
    path("", include("accounts.admin_urls")),
    # The house's own login and password pages stand before the admin's.
    path("", include("accounts.admin_urls")),
    path("admin/", admin.site.urls),
    *(
        path(prefix, include(f"{app}.urls"))
        for prefix, app in MOUNTS
        if (settings.BASE_DIR / app / "urls.py").exists() or (settings.BASE_DIR / app / "urls").exists()
    ),
]
handler400 = errors.bad_request
handler403 = errors.permission_denied
handler404 = errors.page_not_found
handler500 = errors.server_error
