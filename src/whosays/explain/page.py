"""An explained article as one HTML page that needs nothing else: no other file, no network."""
