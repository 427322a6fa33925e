"""Facts from a client's exports: the definitions of the catalogue, worked out over the canonical tables.

`compute.compute_facts` is the one call. The database counts, `engine/statistics` judges; nothing here knows a fact by name.
"""
