"""What happens inside an instance when it starts, read for its effect on logins."""
