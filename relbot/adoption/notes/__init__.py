"""The notes of other tools: one file for each tool that reads them, and what makes fragments of them."""
