"""What people put right by hand: merging, splitting, editing; each can be taken back."""
