"""For whoever deploys: what a deploy needs, and how far it is."""
