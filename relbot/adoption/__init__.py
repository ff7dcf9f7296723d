"""For whoever takes relbot up: what a repository tells, the files that set it up, and the notes of other tools."""
