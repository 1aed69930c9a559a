"""The crash matrix: runs that are struck at every named place, and the rules that must hold then.

``python -m tests.crash`` runs the whole matrix; a quick part of it runs with the other tests.
"""
