"""The incident that relbot was made for, told with a small repository and the real commands."""
