"""What is kept between runs, and read as what a stranger may have written."""
