"""`python -m exporter` is `owltype`."""

from exporter.cli import main

if __name__ == "__main__":
    main()
