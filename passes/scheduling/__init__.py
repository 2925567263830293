"""The analyses behind the passes that schedule a module."""
