"""What the pages of the analysis draw: waveforms, the wheel of keys, spreads; strings without a template."""
