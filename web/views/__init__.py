"""The pages, a module for each group of them. A view checks who asks (`access`), calls what does it, and renders."""
