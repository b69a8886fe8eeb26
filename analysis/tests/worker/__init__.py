"""Tests of the workers' side of the analysis."""
