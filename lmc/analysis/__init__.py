"""What can be read off a module without running it: groups, orders of channels, costs."""
