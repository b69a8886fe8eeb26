"""The workers' side of the analysis: asks for tracks, listens to them in children, delivers. No Django."""
