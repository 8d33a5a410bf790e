"""TOML front matter: tomllib's values, with the typed characters and positions that it does not keep."""
