"""JSON front matter: the standard decoder made strict, with the positions that it does not keep."""
