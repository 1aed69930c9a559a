"""The page *Customers and products*: a person says which card and which product is meant."""
