"""What a run depends on, watched: so that it is made again when one of these files changes."""
