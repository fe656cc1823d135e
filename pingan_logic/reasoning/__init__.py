"""Questions about the rules themselves and about what would have to change."""
