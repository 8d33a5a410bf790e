"""What becomes of problems before they are reported: one fault is one problem, then what is suppressed or known is left out."""
