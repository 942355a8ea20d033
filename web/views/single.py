"""Single sign-on: out to the provider, and back."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from caprev_web import provider
from caprev_web.views import people


@login_not_required
@never_cache
@require_GET
def begin(request: HttpRequest) -> HttpResponse:
    """Sends the browser to the provider."""
    if settings.PROVIDER is None:
        raise Http404
    request.session["next"] = request.GET.get("next", "")[:500]
    try:
        return provider.begin(request, request.build_absolute_uri(reverse("provider-back")))
    except provider.Refused as why:
        return _refused(request, why)


@login_not_required
@never_cache
@require_GET
def back(request: HttpRequest) -> HttpResponse:
    """Lets in whom the provider sends back, if the desk knows them."""
    if settings.PROVIDER is None:
        raise Http404
    try:
        user, token = provider.person(request)
    except provider.Refused as why:
        return _refused(request, why)
    after = request.session.pop("next", "")
    people.let_in(request, user, "provider")
    request.session[provider.TOKEN] = token
    return redirect(people.safe(request, after))


def _refused(request: HttpRequest, why: provider.Refused) -> HttpResponse:
    return render(request, "failure.html", {"title": "Not signed in", "text": str(why)}, status=403)
