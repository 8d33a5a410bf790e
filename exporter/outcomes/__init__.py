"""What becomes of a file: a pure function of its bytes, its project path and the plan, made in any process."""
