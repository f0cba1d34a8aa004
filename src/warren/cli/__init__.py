"""Layer 9, the face: arguments become calls of the pipeline, values become text or JSON."""
