"""What run.py is made of. It needs Python 3.8 and pyxrt, and nothing of the compiler."""
