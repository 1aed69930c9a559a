"""What the page *Help* draws: the glossary of states, and the catalogue of reasons."""
