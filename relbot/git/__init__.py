"""The edge to git: revisions, trees, blobs and history, read from objects; the index, written in one go."""
