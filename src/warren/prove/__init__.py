"""What can reach what, from rules, routes and tunnels alone."""
