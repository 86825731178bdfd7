from django.urls import path

app_name = "renovation"

urlpatterns: list = []
