"""From a request to a design: the source, the pipeline, the checks after each pass, the compile."""
