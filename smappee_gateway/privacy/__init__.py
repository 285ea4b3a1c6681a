"""What may stay in an anonymised capture, and what becomes of the rest."""
