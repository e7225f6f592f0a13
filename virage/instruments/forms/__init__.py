"""Forms of the instruments, by what they are about."""
