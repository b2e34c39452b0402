"""What a whole text is about, as far as that is sensitive: five topics by headings and by a linear model."""
