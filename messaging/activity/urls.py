"""Addresses of logs and statistics."""

from django.urls import path

from messaging.activity.views import items, log

app_name = "activity"
urlpatterns = [
    path("account/activity/", log.log, name="log"),
    path("account/activity/export/", log.export, name="log_export"),
    path("account/activity/<slug:reference>/", items.item_detail, name="item_detail"),
    path("account/activity/<slug:reference>/delete/", items.item_delete, name="item_delete"),
    path("account/activity/<slug:reference>/proof/", items.item_proof, name="item_proof"),
]
