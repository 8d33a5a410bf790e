"""Reading: one file to one `Reading`, in any front-matter syntax (DESIGN.md, section 4; docs/reading.md)."""

from exporter.records.handlers import DEFAULT, FrontMatterHandler, Handler
from exporter.records.plugging import installed_handlers
from exporter.records.reading import read_file, read_text
from exporter.records.record import Reading, Record
from exporter.records.values import Plain, Value

__all__ = [
    "DEFAULT",
    "FrontMatterHandler",
    "Handler",
    "Plain",
    "Reading",
    "Record",
    "Value",
    "installed_handlers",
    "read_file",
    "read_text",
]
