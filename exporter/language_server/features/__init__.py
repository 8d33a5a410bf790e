"""What an editor can ask, in the terms of the protocol."""
