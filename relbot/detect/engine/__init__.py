"""What all detectors share: their model, their registry, and how they read files."""
