from django.urls import path

from accounts.views import heads, login, messages, phone_login, profile

app_name = "accounts"
urlpatterns = [
    path("login/", phone_login.PhoneLogin.as_view(), name="login"),
    path("login/code/", phone_login.CodeEntry.as_view(), name="login_code"),
    path("dev/sms/", phone_login.sent_messages, name="dev_sms"),
    path("messages/", messages.VillagerInbox.as_view(), name="messages"),
    path("messages/<int:pk>/", messages.VillagerOpenMessage.as_view(), name="open_message"),
    path("stay/", login.stay, name="stay"),
    path("logout/", login.Logout.as_view(), name="logout"),
    path("staff/login/", login.StaffLogin.as_view(), name="staff_login"),
    path("staff/login/captcha.png", login.captcha_picture, name="captcha"),
    path("staff/first-login/", profile.FirstLogin.as_view(), name="first_login"),
    path("staff/account/", profile.Profile.as_view(), name="profile"),
    path("staff/account/password/", profile.ChangePassword.as_view(), name="change_password"),
    path("staff/audit/heads/", heads.HeadsOfDay.as_view(), name="heads"),
    path("staff/messages/", messages.StaffInbox.as_view(), name="staff_messages"),
    path("staff/messages/<int:pk>/", messages.StaffOpenMessage.as_view(), name="staff_open_message"),
]
