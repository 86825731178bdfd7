from django.conf import settings
from django.contrib import admin
from django.urls import include, path

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
    path("admin/", admin.site.urls),
    *(
        path(prefix, include(f"{app}.urls"))
        for prefix, app in MOUNTS
        if (settings.BASE_DIR / app / "urls.py").exists() or (settings.BASE_DIR / app / "urls").exists()
    ),
]
