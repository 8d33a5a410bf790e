"""The words of SHACL (https://www.w3.org/TR/shacl/ and https://www.w3.org/TR/shacl-af/): what a shapes graph may say."""

from __future__ import annotations

import re

from exporter.rdf.terms import SH

TARGETS = ("targetClass", "targetNode", "targetObjectsOf", "targetSubjectsOf", "target")

SHAPE_VALUES = ("property", "node", "not", "qualifiedValueShape")
"""Parameters whose value is a shape."""

SHAPE_LISTS = ("and", "or", "xone")
"""Parameters whose value is a list of shapes."""

COMPONENT_PARAMETERS: dict[str, tuple[str, ...]] = {
    "And": ("and",),
    "Class": ("class",),
    "Closed": ("closed", "ignoredProperties"),
    "Datatype": ("datatype",),
    "Disjoint": ("disjoint",),
    "Equals": ("equals",),
    "HasValue": ("hasValue",),
    "In": ("in",),
    "LanguageIn": ("languageIn",),
    "LessThan": ("lessThan",),
    "LessThanOrEquals": ("lessThanOrEquals",),
    "MaxCount": ("maxCount",),
    "MaxExclusive": ("maxExclusive",),
    "MaxInclusive": ("maxInclusive",),
    "MaxLength": ("maxLength",),
    "MinCount": ("minCount",),
    "MinExclusive": ("minExclusive",),
    "MinInclusive": ("minInclusive",),
    "MinLength": ("minLength",),
    "Node": ("node",),
    "NodeKind": ("nodeKind",),
    "Not": ("not",),
    "Or": ("or",),
    "Pattern": ("pattern", "flags"),
    "Property": ("property",),
    "QualifiedMaxCount": ("qualifiedMaxCount", "qualifiedValueShape", "qualifiedValueShapesDisjoint"),
    "QualifiedMinCount": ("qualifiedMinCount", "qualifiedValueShape", "qualifiedValueShapesDisjoint"),
    "UniqueLang": ("uniqueLang",),
    "Xone": ("xone",),
    "SPARQL": ("sparql",),
    "Expression": ("expression",),
    "JS": ("js",),
}
"""Constraint components, by local name without `ConstraintComponent`, with their parameters."""

PARAMETERS = frozenset(name for names in COMPONENT_PARAMETERS.values() for name in names)

PATHS = ("inversePath", "alternativePath", "zeroOrMorePath", "oneOrMorePath", "zeroOrOnePath")

_CLASSES = """
    AbstractResult ConstraintComponent Function JSConstraint JSExecutable JSFunction JSLibrary JSRule JSTarget JSTargetType JSValidator
    NodeKind NodeShape Parameter Parameterizable PrefixDeclaration PropertyGroup PropertyShape ResultAnnotation Rule SPARQLAskExecutable
    SPARQLAskValidator SPARQLConstraint SPARQLConstraintObject SPARQLConstructExecutable SPARQLExecutable SPARQLFunction SPARQLRule
    SPARQLSelectExecutable SPARQLSelectValidator SPARQLTarget SPARQLTargetType SPARQLUpdateExecutable Severity Shape
    Target TargetType TripleRule ValidationReport ValidationResult Validator
"""
_INDIVIDUALS = "BlankNode BlankNodeOrIRI BlankNodeOrLiteral IRI IRIOrLiteral Literal Info Violation Warning this"
_PROPERTIES = """
    annotationProperty annotationValue annotationVarName ask condition conforms construct deactivated declare defaultValue description
    detail entailment filterShape focusNode group intersection jsFunctionName jsLibrary jsLibraryURL labelTemplate message name namespace
    nodeValidator nodes object optional order parameter path predicate prefix prefixes propertyValidator result resultAnnotation
    resultMessage resultPath resultSeverity returnType rule select severity shapesGraph shapesGraphWellFormed sourceConstraint
    sourceConstraintComponent sourceShape subject suggestedShapesGraph union update validator value
"""

ADVANCED = frozenset(["rule", "target", "expression", "condition", "filterShape", "values", "construct"])
"""Properties that ask for SHACL Advanced Features."""

KNOWN: frozenset[str] = frozenset(
    [
        *_CLASSES.split(),
        *_INDIVIDUALS.split(),
        *_PROPERTIES.split(),
        *TARGETS,
        *PATHS,
        *PARAMETERS,
        *ADVANCED,
        *(name + "ConstraintComponent" for name in COMPONENT_PARAMETERS),
    ]
)
"""Local names of every term that SHACL, SHACL-AF and SHACL-JS define."""


def component_code(component_iri: str) -> str:
    """Name the problem code of a constraint component.

    >>> component_code("http://www.w3.org/ns/shacl#MinCountConstraintComponent"), component_code("https://example.org/mine")
    ('SH-MIN-COUNT', 'SH-COMPONENT')
    """
    name = component_iri.removeprefix(SH).removesuffix("ConstraintComponent")
    if name not in COMPONENT_PARAMETERS:
        return "SH-COMPONENT"
    return "SH-" + re.sub(r"(?<=[a-z])(?=[A-Z])", "-", name).upper()
