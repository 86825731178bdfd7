from django.urls import path

from renovation.views.behalf import DisownView, SettleView
from renovation.views.case import CaseView, ClockView
from renovation.views.files import RemoveFileView, UploadView
from renovation.views.lists import DoneView, SearchView, ToDoView
from renovation.views.move import MoveView
from renovation.views.notice import PhotoAddView, PhotoRemoveView, SheetView
from renovation.views.objections import ObjectionView, RegisterView, RevealObjectionView
from renovation.views.payments import PaymentsView, RemovePaymentView
from renovation.views.reveal import RevealCaseView, RevealMemberView
from renovation.views.service import AskPhotosView, SecondLookView
from renovation.views.statistics import StatisticsView
from renovation.views.step import StepView

app_name = "renovation"

urlpatterns = [
    path("", ToDoView.as_view(), name="todo"),
    path("done/", DoneView.as_view(), name="done"),
    path("search/", SearchView.as_view(), name="search"),
    path("statistics/", StatisticsView.as_view(), name="statistics"),
    path("<uuid:uid>/", CaseView.as_view(), name="case"),
    path("<uuid:uid>/step/", StepView.as_view(), name="step"),
    path("<uuid:uid>/move/<slug:name>/", MoveView.as_view(), name="move"),
    path("<uuid:uid>/clock/", ClockView.as_view(), name="clock"),
    path("<uuid:uid>/clock/<int:seq>/", ClockView.as_view(), name="clock_of_step"),
    path("<uuid:uid>/files/<slug:slot>/", UploadView.as_view(), name="upload"),
    path("<uuid:uid>/files/<slug:slot>/<uuid:file>/remove/", RemoveFileView.as_view(), name="remove_file"),
    path("<uuid:uid>/notice/", RegisterView.as_view(), name="notice"),
    path("<uuid:uid>/notice/photos/", PhotoAddView.as_view(), name="notice_photo"),
    path("<uuid:uid>/notice/photos/<uuid:file>/remove/", PhotoRemoveView.as_view(), name="notice_photo_remove"),
    path("<uuid:uid>/notice/objections/<uuid:objection>/", ObjectionView.as_view(), name="objection"),
    path(
        "<uuid:uid>/notice/objections/<uuid:objection>/reveal/", RevealObjectionView.as_view(), name="reveal_objection"
    ),
    path("<uuid:uid>/notice/<slug:kind>/", SheetView.as_view(), name="notice_sheet"),
    path("<uuid:uid>/photos/", AskPhotosView.as_view(), name="ask_photos"),
    path("<uuid:uid>/behalf/", DisownView.as_view(), name="disown"),
    path("<uuid:uid>/behalf/settle/", SettleView.as_view(), name="settle"),
    path("<uuid:uid>/second-look/", SecondLookView.as_view(), name="second_look"),
    path("<uuid:uid>/payments/", PaymentsView.as_view(), name="payments"),
    path("<uuid:uid>/payments/<uuid:payment>/remove/", RemovePaymentView.as_view(), name="remove_payment"),
    path("<uuid:uid>/reveal/<slug:what>/", RevealCaseView.as_view(), name="reveal"),
    path("<uuid:uid>/reveal/member/<uuid:member>/", RevealMemberView.as_view(), name="reveal_member"),
]
