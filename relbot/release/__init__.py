"""For whoever cuts a release: notes, changelog, version, build."""
