"""Files' text in; chunks, index, search results with citations and fingerprints out. Still empty."""
