"""Where articles, paragraphs, claims and vectors are kept."""
