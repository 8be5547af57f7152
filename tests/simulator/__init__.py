"""A second opinion on networks: one packet at a time, no arithmetic on sets."""
