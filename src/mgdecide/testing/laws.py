"""All numbered laws in one table: what ``mgdecide laws`` prints."""

from __future__ import annotations

from mgdecide.testing import assess_laws, door_laws, dose_laws

Law = assess_laws.Law | door_laws.Law | dose_laws.Law

LAWS: tuple[Law, ...] = (*dose_laws.DOSE_LAWS, *assess_laws.ASSESS_LAWS, *door_laws.DOOR_LAWS)
