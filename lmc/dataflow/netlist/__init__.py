"""A task as registers, memories, pipelines with stages, and a state machine of statements."""
