"""Layer 7, the lab's hosts as whole Debian systems: an image, disks above it, systemd booted in a host's network."""
