"""What can be broken, one subject a file: each looks at a scene and names what it finds, or nothing."""
