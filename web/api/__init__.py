"""The rules over HTTP, for other programs: `/api/v1`, described by its own OpenAPI file.

Every client has a token with scopes and a rate. Facts that are assessed are not kept; matters are those of the desk.
"""
