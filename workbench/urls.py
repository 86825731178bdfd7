from django.urls import path

from workbench import views

app_name = "workbench"

urlpatterns = [
    path("", views.HomeView.as_view(), name="home"),
    path("claims/", views.ClaimsView.as_view(), name="claims"),
    path("claims/<uuid:uid>/", views.ClaimView.as_view(), name="claim"),
    path("claims/<uuid:uid>/reveal/<slug:what>/", views.RevealClaimView.as_view(), name="reveal_claim"),
]
