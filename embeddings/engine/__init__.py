"""Computes vectors and what they mean; nothing else."""
