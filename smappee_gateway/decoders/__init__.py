"""One module per family of topics: from the bytes of a payload to site updates."""
