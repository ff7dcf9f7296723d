"""What relbot would have said about the past: changes, what was seen in each, and how often which rule speaks."""
