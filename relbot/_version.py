"""What relbot is: its version, and where its documentation is published. The one place that holds both."""

__version__ = "0.1.0"

DOCUMENTATION = ""
"""The address of the published documentation, with a `/` at its end; "" until there is one, and then nothing links to it."""


def documentation_link(page: str, heading: str = "", site: str = "") -> str:
    """Gives the address of a heading on a page of docs/, named without its ending; "" where the documentation has no address.

    `site` is where a project's organisation publishes it, "" if it does not.
    """
    start = f"{site.rstrip('/')}/" if site else DOCUMENTATION
    if not start:
        return ""
    return f"{start}{page}/#{heading}" if heading else f"{start}{page}/"
