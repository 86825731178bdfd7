"""`make screens`: pictures of the main pages for docs/screens, taken from the cases of the demo."""
