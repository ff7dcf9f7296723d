"""What relbot is: its version, and where its documentation is published. The one place that holds both."""

__version__ = "0.1.0"

DOCUMENTATION = ""
"""The address of the published documentation, with a `/` at its end; "" until there is one, and then nothing links to it."""


def documentation_link(page: str, heading: str = "") -> str:
    """Gives the address of a heading on a page of docs/, named without its ending; "" where the documentation has no address."""
    if not DOCUMENTATION:
        return ""
    return f"{DOCUMENTATION}{page}/#{heading}" if heading else f"{DOCUMENTATION}{page}/"
