"""What quantization stands on: configurations, presets, calibration, formats, roles of layers."""
