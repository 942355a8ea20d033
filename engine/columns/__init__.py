"""The rulebook as column programs over many matters."""
