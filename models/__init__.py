"""Reference Mamba and Mamba-2 in plain PyTorch, checkpoints, and the bundled trained models."""
