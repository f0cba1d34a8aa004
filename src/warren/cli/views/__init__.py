"""Values as text for people and as JSON for programs: two faces of the same values."""
