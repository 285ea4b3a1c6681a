"""The house and everything in it that uses, makes or measures something."""
