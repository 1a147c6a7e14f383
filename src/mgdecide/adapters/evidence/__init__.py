"""The evidence as people and programs read it: tables, pools, and what a new study would change."""
