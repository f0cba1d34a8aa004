"""What a host's own words mean for the network: findings, and what mends them."""
