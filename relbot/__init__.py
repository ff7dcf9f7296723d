"""Change notes that reach whoever deploys: fragments in, release notes and checklists out."""

from relbot._version import __version__

__all__ = ["__version__"]
