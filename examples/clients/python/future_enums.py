"""For the generator: an enum takes values that a newer service may answer, instead of failing the whole answer."""

import ast

from ariadne_codegen import Plugin
from graphql import GraphQLEnumType

MISSING = """
@classmethod
def _missing_(cls, value: object) -> "{name} | None":
    if not isinstance(value, str):
        return None
    unknown = str.__new__(cls, value)
    unknown._name_ = unknown._value_ = value
    return unknown
"""


class FutureEnums(Plugin):
    """Decide by `==` and have an `else`: what is none of the members is unknown here."""

    def generate_enum(
        self, class_def: ast.ClassDef, enum_type: GraphQLEnumType
    ) -> ast.ClassDef:
        class_def.body += ast.parse(MISSING.format(name=class_def.name)).body
        return class_def
