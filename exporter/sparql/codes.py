"""The problem codes of queries, stores and competency questions."""

from exporter.codes_model import CodeEntry
from exporter.problems import Severity

_ERROR, _WARNING, _INFO = Severity.ERROR, Severity.WARNING, Severity.INFO

CODES = (
    CodeEntry(
        "QUERY-SYNTAX",
        "The query is no SPARQL",
        _ERROR,
        "The query can't be parsed. The location is the first word or sign with which no query can go on.",
        "SELECT ?s { ?s a }\n",
        "SELECT ?s { ?s a schema:Article }\n",
    ),
    CodeEntry(
        "QUERY-PREFIX",
        "A prefix is not known",
        _ERROR,
        "A name such as `schema:about` needs its prefix: one that the ontology declares, or a `PREFIX` line in the query.",
        "SELECT ?s { ?s shcema:about ?topic }\n",
        "SELECT ?s { ?s schema:about ?topic }\n",
    ),
    CodeEntry(
        "QUERY-TERM",
        "The ontology doesn't have a term of the query",
        _WARNING,
        (
            "A name that is neither in the ontology nor in the graph matches nothing. It is most often a slip, and the nearest "
            "name is shown."
        ),
        "SELECT ?s { ?s schema:abuot ?topic }\n",
        "SELECT ?s { ?s schema:about ?topic }\n",
    ),
    CodeEntry(
        "QUERY-EMPTY",
        "A term of the query is not in the graph",
        _INFO,
        (
            "The result is empty, and this term of the query is known to the ontology but used by no record, so that its pattern "
            "matches nothing."
        ),
        "SELECT ?s { ?s schema:award ?award }\n",
        "SELECT ?s { ?s schema:about ?topic }\n",
    ),
    CodeEntry(
        "QUERY-UPDATE",
        "An update is refused",
        _ERROR,
        "owltype answers questions. The graph is made from the records, so a change belongs into a record.",
        'INSERT DATA { <https://e.org/a> schema:name "A" }\n',
        'SELECT ?s { ?s schema:name "A" }\n',
    ),
    CodeEntry(
        "QUERY-REMOTE",
        "The query would leave this machine",
        _ERROR,
        "`SERVICE` and `FROM <http…>` send requests to other machines. They are refused unless `--allow-remote` is given.",
        "SELECT * { SERVICE <https://query.wikidata.org/sparql> { ?s ?p ?o } }\n",
        "SELECT * { ?s ?p ?o }\n",
    ),
    CodeEntry(
        "QUERY-NESTED",
        "The query is nested too deeply",
        _ERROR,
        "Brackets or signs stand in each other deeper than the parser's stack reaches. No query that a person writes does.",
        "SELECT * {{{{{{{{ … }}}}}}}}\n",
        "SELECT * { ?s ?p ?o }\n",
    ),
    CodeEntry(
        "QUERY-SIZE",
        "The query is too long",
        _ERROR,
        "A query may be a megabyte long. A long list of values is better kept in the graph.",
        "SELECT * { VALUES ?x { 1 2 3 … } }\n",
        "SELECT * { ?s schema:identifier ?x }\n",
    ),
    CodeEntry(
        "QUERY-TIMEOUT",
        "The query took too long",
        _ERROR,
        (
            "Parsing, planning, running and writing the result share one time limit, set by `--timeout`. Patterns that share no "
            "variable, and paths such as `(a|!a)*`, multiply what has to be looked at."
        ),
        "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }\n",
        "SELECT (COUNT(*) AS ?n) { ?a ?b ?c }\n",
    ),
    CodeEntry(
        "QUERY-MEMORY",
        "The query needs too much memory",
        _ERROR,
        (
            "The process that runs the query reached its memory limit, set by `--max-memory`. Sorting, grouping and DISTINCT "
            "hold all their rows."
        ),
        "SELECT DISTINCT ?a ?b ?c ?d { ?a ?p ?b . ?c ?q ?d }\n",
        "SELECT DISTINCT ?a ?b { ?a schema:about ?b }\n",
    ),
    CodeEntry(
        "QUERY-BUSY",
        "No process was free to run the query",
        _ERROR,
        "All processes were busy for as long as the query had time. Ask again later, or allow more processes.",
        "a pool of 1 process, and 32 long queries at once\n",
        "a pool of 4 processes, and as many long queries at once\n",
    ),
    CodeEntry(
        "QUERY-FAILED",
        "The query failed while it ran",
        _ERROR,
        "The engine gave up, with a message of its own: a function that it doesn't have, or a file that it can't read.",
        "ASK { FILTER(<https://e.org/f>(1)) }\n",
        "ASK { FILTER(ABS(-1) = 1) }\n",
    ),
    CodeEntry(
        "QUERY-CUT",
        "The result was cut",
        _WARNING,
        (
            "There are more rows than `--max-rows` or more bytes than `--max-size` lets through. What is shown is complete rows, "
            "but not all of them."
        ),
        "SELECT * { ?s ?p ?o . ?s2 ?p2 ?o2 }\n",
        "SELECT * { ?s ?p ?o } LIMIT 100\n",
    ),
    CodeEntry(
        "QUERY-PARAMETER",
        "A parameter is missing, unknown, or not of its type",
        _ERROR,
        (
            "A saved query declares its parameters in its leading comments: `# param topic: string = Telehealth`. A value has to "
            "be of the type, and one without a default has to be given."
        ),
        "owltype query by-topic --param topc=Telehealth\n",
        "owltype query by-topic --param topic=Telehealth\n",
    ),
    CodeEntry(
        "QUERY-SAVED",
        "A saved query is not what it should be",
        _ERROR,
        "There is no saved query of that name, or its leading comments can't be read.",
        "# param topic: strnig\n",
        "# param topic: string\n",
    ),
    CodeEntry(
        "QUERY-DATA",
        "A file can't be loaded for a query",
        _ERROR,
        "The file is not in the syntax that its name says, is nested too deeply, or can't be read.",
        "<a> <b> .\n",
        "<https://e.org/a> <https://e.org/b> <https://e.org/c> .\n",
    ),
    CodeEntry(
        "QUERY-NUMBERS",
        "The data has numbers beyond those that a query calculates with",
        _INFO,
        (
            "Integers from 2^63 on, and decimals with more than 18 digits after the point or 20 before it, are kept, matched, sorted by "
            "ORDER BY and shown exactly. In FILTER and in calculations they are decimals or doubles, rounded to what these hold."
        ),
        "<a> ex:population 12345678901234567890 .\n",
        "<a> ex:population 1234567890 .\n",
    ),
    CodeEntry(
        "QUERY-STORE",
        "A store can't be opened",
        _ERROR,
        "The folder holds no store, one made by something else, or one that another process is writing.",
        "owltype query --store content QUERY\n",
        "owltype query --store .owltype/store QUERY\n",
    ),
    CodeEntry(
        "QUERY-STALE",
        "A store is older than its records",
        _WARNING,
        "Files were changed, added or removed since the store was made, so its answers are those of then. `--refresh` makes it again.",
        "owltype query --store .owltype/store QUERY\n",
        "owltype query --store .owltype/store --refresh QUERY\n",
    ),
    CodeEntry(
        "QUERY-EXPECTED",
        "A competency question has other rows than expected",
        _ERROR,
        (
            "The rows of the query differ from those in the file beside it. Correct the records or the query; if the new rows "
            "are right, `owltype test --update` writes them."
        ),
        "# expect: rows\nSELECT ?topic { ?page schema:about ?topic }\n\n# topics.expected.tsv lacks a row:\n?topic\n",
        "# expect: rows\nSELECT ?topic { ?page schema:about ?topic }\n\n# topics.expected.tsv:\n?topic\n<https://example.org/topics/privacy/>\n",
    ),
    CodeEntry(
        "QUERY-MINIMUM",
        "A competency question has fewer rows than expected",
        _ERROR,
        "The query says `# expect: at least N rows`, and gave fewer.",
        "# expect: at least 10 rows\nSELECT …\n",
        "# expect: at least 1 row\nSELECT …\n",
    ),
    CodeEntry(
        "QUERY-RULE",
        "A rule is broken",
        _ERROR,
        "The query says `# expect: empty`: each of its rows is a problem of the record that the row names.",
        "# expect: empty\n# message: {page} has no topic\nSELECT ?page { … }\n",
        "A record that the rule doesn't find.\n",
    ),
)
"""Every row: the code, its title, how bad it is, what it means, a bad and a good example."""
