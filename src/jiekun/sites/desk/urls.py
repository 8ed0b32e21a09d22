"""Addresses of the desk."""

from __future__ import annotations

from django.urls import path

from . import (
    choices,
    conflicts,
    coverage,
    district,
    handbook,
    household,
    law,
    measure,
    overview,
    parameter,
    parameters,
    person,
    readings,
    recognised,
    record,
    search,
    sign_in,
    unreached,
    what_if,
    why,
)

app_name = "desk"

urlpatterns = [
    path("", overview.front, name="front"),
    path("sign-in/", sign_in.sign_in, name="sign-in"),
    path("sign-out/", sign_in.sign_out, name="sign-out"),
    path("unreached/", unreached.unreached, name="unreached"),
    path("unreached.xlsx", unreached.workbook, name="workbook"),
    path("findings/", unreached.findings, name="findings"),
    path("changes/", overview.changes, name="changes"),
    path("changes/<int:pk>/why/", overview.why_change, name="why-change"),
    path("recognised/", recognised.families, name="recognised"),
    path("households/<int:pk>/", household.household, name="household"),
    path("households/<int:pk>/unmasked/", household.unmasked, name="unmasked"),
    path("households/<int:pk>/record/", record.record, name="record"),
    path("households/<int:pk>/what-if/", what_if.what_if, name="what-if"),
    path("households/<int:pk>/why/<slug:measure>/", why.why, name="why"),
    path("people/<int:pk>/", person.person, name="person"),
    path("measures/", measure.measures, name="measures"),
    path("measures/<slug:name>/", measure.measure, name="measure"),
    path("law/", law.documents, name="documents"),
    path("law/coverage/", coverage.coverage, name="coverage"),
    path("law/<slug:name>/", law.document, name="document"),
    path("handbook/", handbook.handbook, name="handbook"),
    path("handbook.pdf", handbook.book_file, name="handbook-file"),
    path("handbook/<slug:name>/", handbook.entry, name="handbook-entry"),
    path("handbook/<slug:name>/leaflet/", handbook.leaflet, name="leaflet"),
    path("handbook/<slug:name>/leaflet.pdf", handbook.leaflet_file, name="leaflet-file"),
    path("parameters/", parameters.parameters, name="parameters"),
    path("parameters/<slug:name>/", parameter.parameter, name="parameter"),
    path("parameters/choices/<int:pk>/", choices.act_on_value, name="act-on-value"),
    path("readings/", readings.readings, name="readings"),
    path("readings/choices/<int:pk>/", choices.act_on_reading, name="act-on-reading"),
    path("conflicts/", conflicts.conflicts, name="conflicts"),
    path("search/", search.find, name="search"),
    path("demo-district/", district.district, name="district"),
]
