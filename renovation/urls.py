app_name = "renovation"

urlpatterns: list = []
