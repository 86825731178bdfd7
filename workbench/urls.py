from django.urls import path

from workbench.views.claims import ClaimsView, ClaimView, RevealClaimView
from workbench.views.home import HomeView

app_name = "workbench"

urlpatterns = [
    path("", HomeView.as_view(), name="home"),
    path("claims/", ClaimsView.as_view(), name="claims"),
    path("claims/<uuid:uid>/", ClaimView.as_view(), name="claim"),
    path("claims/<uuid:uid>/reveal/<slug:what>/", RevealClaimView.as_view(), name="reveal_claim"),
]
