"""Every page of the desk, by its address. A test walks this list as every role."""

from __future__ import annotations

from django.urls import path
from django.views.generic import RedirectView

from caprev_web.views import facts, history, matters, people

urlpatterns = [
    path("", RedirectView.as_view(url="/matters"), name="home"),
    path("healthz", people.health, name="health"),
    path("enter/<str:token>", people.enter, name="enter"),
    path("sign-in", people.sign_in, name="sign-in"),
    path("sign-out", people.sign_out, name="sign-out"),
    path("account", people.account, name="account"),
    path("matters", matters.listed, name="matters"),
    path("matters/new", matters.new, name="new"),
    path("m/<uuid:pk>", facts.matter, name="matter"),
    path("m/<uuid:pk>/facts/<slug:section>", facts.matter, name="section"),
    path("m/<uuid:pk>/fact", facts.save, name="save"),
    path("m/<uuid:pk>/file", matters.download, name="download"),
    path("m/<uuid:pk>/copy", matters.copy, name="copy"),
    path("m/<uuid:pk>/about", matters.about, name="about"),
    path("m/<uuid:pk>/upload", matters.upload, name="upload"),
    path("m/<uuid:pk>/history", history.listed, name="history"),
    path("m/<uuid:pk>/history/<int:version>", history.at, name="at"),
    path("m/<uuid:pk>/undo/<int:number>", history.undo, name="undo"),
]

handler400 = "caprev_web.failures.bad_request"
handler403 = "caprev_web.failures.forbidden"
handler404 = "caprev_web.failures.not_found"
handler500 = "caprev_web.failures.fault"
