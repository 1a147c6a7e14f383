"""FHIR Bulk Data: a folder of NDJSON becomes a table of facts."""
