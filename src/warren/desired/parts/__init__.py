"""What the product offers: one file a feature, each (view of a host) -> items."""
