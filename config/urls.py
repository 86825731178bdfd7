from django.contrib import admin
from django.urls import include, path

from config import errors, health
from config.metrics import metrics

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", metrics, name="metrics"),
    # The house's own login and password pages stand before the admin's.
    path("", include("accounts.admin_urls")),
    path("admin/", admin.site.urls),
    path("", include("common.urls")),
    path("", include("applicants.urls")),
    path("", include("accounts.urls")),
    path("regions/", include("regions.urls")),
    path("staff/cases/", include("renovation.urls")),
    path("staff/", include("workbench.urls")),
    path("files/", include("households.urls")),
]
handler400 = errors.bad_request
handler403 = errors.permission_denied
handler404 = errors.page_not_found
handler500 = errors.server_error
