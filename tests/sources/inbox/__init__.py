"""A drop folder: each file that arrives is taken in once, whatever is killed when."""
