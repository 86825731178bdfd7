from django.urls import path

from renovation.views.case import CaseView, ClockView
from renovation.views.files import RemoveFileView, UploadView
from renovation.views.lists import DoneView, SearchView, ToDoView
from renovation.views.payments import PaymentsView, RemovePaymentView
from renovation.views.reveal import RevealCaseView, RevealMemberView
from renovation.views.step import StepView

app_name = "renovation"

urlpatterns = [
    path("", ToDoView.as_view(), name="todo"),
    path("done/", DoneView.as_view(), name="done"),
    path("search/", SearchView.as_view(), name="search"),
    path("<uuid:uid>/", CaseView.as_view(), name="case"),
    path("<uuid:uid>/step/", StepView.as_view(), name="step"),
    path("<uuid:uid>/clock/", ClockView.as_view(), name="clock"),
    path("<uuid:uid>/clock/<int:seq>/", ClockView.as_view(), name="clock_of_step"),
    path("<uuid:uid>/files/<slug:slot>/", UploadView.as_view(), name="upload"),
    path("<uuid:uid>/files/<slug:slot>/<uuid:file>/remove/", RemoveFileView.as_view(), name="remove_file"),
    path("<uuid:uid>/payments/", PaymentsView.as_view(), name="payments"),
    path("<uuid:uid>/payments/<uuid:payment>/remove/", RemovePaymentView.as_view(), name="remove_payment"),
    path("<uuid:uid>/reveal/<slug:what>/", RevealCaseView.as_view(), name="reveal"),
    path("<uuid:uid>/reveal/member/<uuid:member>/", RevealMemberView.as_view(), name="reveal_member"),
]
