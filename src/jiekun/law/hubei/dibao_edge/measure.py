"""The province's limit for dibao edge: a number only."""
