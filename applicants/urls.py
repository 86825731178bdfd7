from django.urls import path

from applicants.views import agent, cases, extra_photos, filing, home, members, people, photos, service, start, wizard

app_name = "applicants"

urlpatterns = [
    path("", home.Home.as_view(), name="home"),
    path("renovation/", home.About.as_view(), name="about"),
    path("people/", people.People.as_view(), name="people"),
    path("people/new/", people.PersonNew.as_view(), name="person_new"),
    path("people/<uuid:uid>/pin/", people.PersonPin.as_view(), name="person_pin"),
    path("me/", people.Me.as_view(), name="me"),
    path("me/pin/", people.MyPin.as_view(), name="my_pin"),
    path("apply/", start.Start.as_view(), name="apply"),
    path("apply/notice/", start.NoticePage.as_view(), name="notice"),
    path("apply/<uuid:uid>/delete/", start.DraftDelete.as_view(), name="draft_delete"),
    # The pages with a view of their own stand before the general one; all are reversed as applicants:page.
    path("apply/<uuid:uid>/members/", members.Members.as_view(), name="members"),
    path("apply/<uuid:uid>/members/new/", members.MemberEdit.as_view(), name="member_new"),
    path("apply/<uuid:uid>/members/<uuid:member>/", members.MemberEdit.as_view(), name="member"),
    path("apply/<uuid:uid>/members/<uuid:member>/remove/", members.MemberRemove.as_view(), name="member_remove"),
    path("apply/<uuid:uid>/photos/", photos.Photos.as_view(), name="photos"),
    path("apply/<uuid:uid>/photos/add/", photos.PhotoAdd.as_view(), name="photo_add"),
    path("apply/<uuid:uid>/photos/<uuid:photo>/remove/", photos.PhotoRemove.as_view(), name="photo_remove"),
    path("apply/<uuid:uid>/check/", filing.Check.as_view(), name="check"),
    path("apply/<uuid:uid>/<slug:slug>/", wizard.AnswerPage.as_view(), name="page"),
    path("apply/<uuid:uid>/<slug:slug>/save/", wizard.Autosave.as_view(), name="save"),
    path("cases/", cases.Cases.as_view(), name="cases"),
    path("cases/<uuid:uid>/", cases.CaseDetail.as_view(), name="case"),
    path("cases/<uuid:uid>/done/", filing.Done.as_view(), name="done"),
    path("cases/<uuid:uid>/withdraw/", cases.Withdraw.as_view(), name="withdraw"),
    path("cases/<uuid:uid>/rate/", service.Rate.as_view(), name="rate"),
    path("cases/<uuid:uid>/viewings/", service.Viewings.as_view(), name="viewings"),
    path("cases/<uuid:uid>/second-look/", service.AskSecondLook.as_view(), name="second_look"),
    path("cases/<uuid:uid>/photos/", extra_photos.ExtraPhotos.as_view(), name="extra_photos"),
    path("cases/<uuid:uid>/photos/add/", extra_photos.ExtraPhotoAdd.as_view(), name="extra_photo_add"),
    path(
        "cases/<uuid:uid>/photos/<uuid:photo>/remove/",
        extra_photos.ExtraPhotoRemove.as_view(),
        name="extra_photo_remove",
    ),
    path("agent/", agent.AgentStart.as_view(), name="agent_start"),
    path("agent/new/", agent.AgentNew.as_view(), name="agent_new"),
    path("agent/<uuid:uid>/done/", filing.AgentDone.as_view(), name="agent_done"),
    path("agent/<uuid:uid>/withdraw/", cases.AgentWithdraw.as_view(), name="agent_withdraw"),
]
