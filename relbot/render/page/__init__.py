"""What all HTML pages of relbot share: templates that escape, one style sheet, one script, Markdown without live parts."""
