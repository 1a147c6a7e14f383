"""The service: CDS Hooks, a JSON API and the workbench. ``create_app`` in ``app``; needs the extra ``service``."""
