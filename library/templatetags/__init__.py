"""Covers, credits and times of music for templates."""
