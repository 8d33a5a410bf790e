"""What becomes of problems before they are reported."""
