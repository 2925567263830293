"""The design folder: what is in it, and the weights that it keeps of a torch module."""
