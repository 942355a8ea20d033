"""Every page of the desk, by its address. A test walks this list as every role."""

from __future__ import annotations

from django.conf import settings
from django.urls import path
from django.views.generic import RedirectView

from caprev_web.api import routes
from caprev_web.views import (
    administration,
    classes,
    facts,
    history,
    interview,
    law,
    matters,
    papers,
    people,
    portfolios,
    reasons,
    review,
    second,
    single,
    strict,
    taking,
)

urlpatterns = [
    path("", RedirectView.as_view(url="/matters"), name="home"),
    path("healthz", people.health, name="health"),
    path("enter/<str:token>", people.enter, name="enter"),
    path("sign-in", people.sign_in, name="sign-in"),
    path("sign-in/code", people.code, name="code"),
    path("sign-in/provider", single.begin, name="provider"),
    path("sign-in/back", single.back, name="provider-back"),
    path("sign-out", people.sign_out, name="sign-out"),
    path("account", people.account, name="account"),
    path("account/second-factor", second.second, name="second"),
    path("matters", matters.listed, name="matters"),
    path("matters/new", matters.new, name="new"),
    path("m/<uuid:pk>", facts.matter, name="matter"),
    path("m/<uuid:pk>/facts/<slug:section>", facts.matter, name="section"),
    path("m/<uuid:pk>/fact", facts.save, name="save"),
    path("m/<uuid:pk>/file", matters.download, name="download"),
    path("m/<uuid:pk>/copy", matters.copy, name="copy"),
    path("m/<uuid:pk>/about", matters.about, name="about"),
    path("m/<uuid:pk>/events", strict.events, name="events"),
    path("m/<uuid:pk>/upload", taking.upload, name="upload"),
    path("m/<uuid:pk>/ask", interview.ask, name="ask"),
    path("m/<uuid:pk>/reasons", reasons.reasons, name="reasons"),
    path("m/<uuid:pk>/pictures/<slug:kind>", reasons.drawing, name="drawing"),
    path("m/<uuid:pk>/changes", reasons.changes, name="changes"),
    path("m/<uuid:pk>/what-if", reasons.whatif, name="whatif"),
    path("m/<uuid:pk>/cases", law.near, name="near"),
    path("m/<uuid:pk>/documents", papers.listed, name="papers"),
    path("m/<uuid:pk>/documents/<int:number>", papers.paper, name="paper"),
    path("m/<uuid:pk>/documents/<int:number>/checks", papers.tick, name="tick"),
    path("m/<uuid:pk>/documents/<int:number>/preview", papers.preview, name="preview"),
    path("m/<uuid:pk>/documents/<int:number>/verify", papers.verify, name="verify"),
    path("m/<uuid:pk>/documents/<int:number>/file/<slug:what>", papers.download, name="paper-file"),
    path("m/<uuid:pk>/review", review.review, name="review"),
    path("m/<uuid:pk>/review/comment", review.comment, name="comment"),
    path("m/<uuid:pk>/review/comment/<int:number>", review.resolve, name="resolve"),
    path("m/<uuid:pk>/review/do/<slug:action>", review.move, name="move"),
    path("m/<uuid:pk>/history", history.listed, name="history"),
    path("m/<uuid:pk>/history/<int:version>", history.at, name="at"),
    path("m/<uuid:pk>/undo/<int:number>", history.undo, name="undo"),
    path("class", classes.listed, name="classes"),
    path("class/<int:pk>", classes.lesson, name="lesson"),
    path("class/<int:pk>/results", classes.results, name="results"),
    path("class/<int:pk>/do/<slug:action>", classes.steer, name="steer"),
    path("c", classes.join, name="join-any"),
    path("c/<slug:code>/join", classes.join, name="join"),
    path("c/<slug:code>", classes.pupil, name="pupil"),
    path("portfolios", portfolios.listed, name="portfolios"),
    path("portfolios/<uuid:pk>", portfolios.portfolio, name="portfolio"),
    path("portfolios/<uuid:pk>/file", portfolios.download, name="portfolio-file"),
    path("portfolios/<uuid:pk>/do/<slug:action>", portfolios.steer, name="portfolio-steer"),
    path("people", administration.people, name="people"),
    path("people/sign-in", administration.policy, name="policy"),
    path("people/<int:pk>", administration.person, name="person"),
    path("audit", administration.audit, name="audit"),
    path("audit/file", administration.export, name="audit-file"),
    path("keeping", administration.keeping, name="keeping"),
    path("keeping/backup", administration.backup, name="backup"),
    path("cases", law.cases, name="cases"),
    path("cases/<slug:name>", law.case, name="case"),
    path("rules", law.rules, name="rules"),
    path("rules/chapter/<slug:name>", law.chapter, name="chapter"),
    path("rules/of/<path:name>", law.rule, name="rule"),
    path("rules/fault/<path:name>", law.fault, name="rule-fault"),
]

if settings.API_ONLY:
    urlpatterns = [page for page in urlpatterns if page.name == "health"]
urlpatterns += [path("api/v1/", routes.urls())]

handler400 = "caprev_web.failures.bad_request"
handler403 = "caprev_web.failures.forbidden"
handler404 = "caprev_web.failures.not_found"
handler500 = "caprev_web.failures.fault"
