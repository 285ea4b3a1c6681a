"""The faces of a house: each holds at the target broker what its convention asks for."""
