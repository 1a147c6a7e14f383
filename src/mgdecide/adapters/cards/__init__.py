"""CDS Hooks cards: what they say and in which words."""
