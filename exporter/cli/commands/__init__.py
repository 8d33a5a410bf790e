"""The commands, one module each: thin (parse, build, execute)."""
