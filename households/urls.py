from django.urls import path

from households import views

app_name = "households"

urlpatterns = [
    path("<uuid:uid>/", views.AttachmentView.as_view(), name="file"),
    path("<uuid:uid>/thumb/", views.ThumbView.as_view(), name="thumb"),
]
