"""From `ssm` ops to tasks and streams: one pattern an op, one engine for all linear layers."""
