"""Tempo, key, mood, loudness and waveform of every track."""
