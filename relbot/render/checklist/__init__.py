"""A plan for people: one page of blocks, in the words of `page`, and a renderer for each place where it is read."""
