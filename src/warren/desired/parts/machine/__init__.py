"""What only whole machines hold: users, their managers, units, and what brings everything back after a boot."""
