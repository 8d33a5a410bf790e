"""`python -m exporter` is `owltype`."""

from exporter.system.search_path import leave_current_folder

if __name__ == "__main__":
    # Before anything else is looked for: `python -m` puts the current folder first, which may hold a stranger's `json.py`.
    leave_current_folder()
    from exporter.cli import main

    main()
