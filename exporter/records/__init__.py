"""Reading: one file to one `Reading`, in any front-matter syntax (DESIGN.md, section 4; docs/reading.md)."""
