"""Change notes that reach whoever deploys: fragments in, release notes and checklists out."""

__version__ = "0.1.0"
