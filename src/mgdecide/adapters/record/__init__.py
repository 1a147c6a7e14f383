"""Patient records as JSON: read with every mistake told, and written."""
