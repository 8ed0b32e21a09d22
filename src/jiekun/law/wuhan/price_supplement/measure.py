"""At which rise of prices the city pays a supplement: numbers only."""
