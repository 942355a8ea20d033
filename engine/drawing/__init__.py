"""Pictures as SVG that read without colour."""
