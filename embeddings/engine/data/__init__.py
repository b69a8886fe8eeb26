"""The numbers and words that the encoders are made of, and the scripts that make them."""
