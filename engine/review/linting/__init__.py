"""Checks of the law across rules: what one rule says beside what another does."""
