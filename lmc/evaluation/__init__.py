"""What a design's text is worth: engines, bits per byte, noise by layer."""
