"""What the migrations of the split need, kept apart from the code that runs, which may change after them."""
