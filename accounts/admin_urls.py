"""The doors of Django's admin pages that are ours, mounted before `admin.site.urls`: one lock guards both."""

from django.urls import path

from accounts.views import login, profile

urlpatterns = [
    path("admin/login/", login.StaffLogin.as_view()),
    path("admin/logout/", login.Logout.as_view()),
    path("admin/password_change/", profile.ChangePassword.as_view()),
]
