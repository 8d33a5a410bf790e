"""What queries run on: records mapped on the fly, RDF files, or a store folder; and which file is behind an IRI."""
