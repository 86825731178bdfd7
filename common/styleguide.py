"""/styleguide/ (development only): every component with long names, empty, with errors and busy."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def page(request: HttpRequest) -> HttpResponse:
    """The villager density."""
    return render(request, "styleguide/villager.html", {})


def staff(request: HttpRequest) -> HttpResponse:
    """The staff density."""
    return render(request, "styleguide/staff.html", {})
