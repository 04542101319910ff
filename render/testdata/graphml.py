"""Reads GraphML files with NetworkX and writes what is in each as JSON."""
import json
import sys

import networkx


def content(file):
    g = networkx.read_graphml(file, force_multigraph=True)
    return {
        "nodes": g.number_of_nodes(),
        "initial": [n for n, d in g.nodes(data=True) if d.get("initial")],
        "edges": [[a, d["event"], b] for a, b, d in g.edges(data=True)],
        "path": [k for _, _, k, d in g.edges(keys=True, data=True) if d.get("path")],
    }


json.dump([content(file) for file in sys.argv[1:]], sys.stdout)
