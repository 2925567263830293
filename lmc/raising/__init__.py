"""From traced PyTorch operators to the modules of a mixer that they belong to."""
