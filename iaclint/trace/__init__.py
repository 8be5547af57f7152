"""The engine: follows a packet there and back."""
