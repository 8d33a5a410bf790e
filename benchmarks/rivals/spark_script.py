"""The Spark program that a user would write today: the script's mapping for each file, the lines of all graphs, `distinct`, and text files.

    python -m benchmarks.rivals.spark_script FOLDER OUTPUT

It makes the graph that ontology/medigy.ttl makes of records without faults, and checks nothing.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from pyspark import SparkConf, SparkContext
from rdflib import Graph

from benchmarks.rivals.script import add_record


def lines(paths: Iterable[str]) -> Iterator[str]:
    """Give the triples of some files as lines of N-Triples."""
    graph = Graph()
    for path in paths:
        add_record(graph, Path(path))
    return iter(graph.serialize(format="nt").splitlines())


def main(folder: str, output: str) -> None:
    """Export a folder of pages to a folder of text files, with two tasks at once."""
    context = SparkContext(conf=SparkConf().setMaster("local[2]").setAppName("script").set("spark.ui.enabled", "false"))
    paths = [str(path) for path in sorted(Path(folder).rglob("*.md"))]
    context.parallelize(paths, max(1, len(paths) // 500)).mapPartitions(lines).filter(bool).distinct().saveAsTextFile(output)
    context.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])
