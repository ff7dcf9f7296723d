"""What was done at deploys, as values: entries, what follows from them, and how far a plan has been carried out."""
