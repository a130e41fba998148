"""The steps that a person outside takes with any link; each product puts them at its own addresses."""
