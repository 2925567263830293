"""The search for a quantization configuration: sensitivities, widths, and the file they end in."""
