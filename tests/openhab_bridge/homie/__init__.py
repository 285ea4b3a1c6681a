"""Outside witnesses of the Homie tree: openHAB's rules, and a consumer made by somebody else."""
