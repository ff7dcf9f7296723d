"""What a pull request is told: a comment, kept up to date, and the summary of a run."""
