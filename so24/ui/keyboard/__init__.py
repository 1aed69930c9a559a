"""The keys by which everything is done without a mouse: which there are, and what answers them.

``shortcuts`` lists them for *Help* and for ``keyboard.js``;
:mod:`so24.ui.guard.keyboard_script` brings that script into the page.
"""
