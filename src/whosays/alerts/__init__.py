"""What an article is to those who follow topics: matched, judged by what each chat has heard, and made into alerts."""
