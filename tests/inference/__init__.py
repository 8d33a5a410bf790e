"""`owltype init`: what is inferred, and how sites are recognised and addressed."""
