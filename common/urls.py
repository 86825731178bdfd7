from django.conf import settings
from django.urls import path

from common import styleguide
from common.display import display

app_name = "common"
urlpatterns = [path("display/", display, name="display")]
if settings.DEVELOPMENT:
    urlpatterns.append(path("styleguide/", styleguide.page, name="styleguide"))
    urlpatterns.append(path("styleguide/staff/", styleguide.staff, name="styleguide_staff"))
