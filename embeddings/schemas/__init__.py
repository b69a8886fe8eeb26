"""What travels: vectors, the work of encoders, the choice of one, answers to what somebody asks."""
