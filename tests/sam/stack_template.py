"""Reads CloudFormation templates: as written, and as SAM expands them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent.parent
TEMPLATE = ROOT / "template.yaml"

Template = dict[str, Any]


class _Loader(yaml.SafeLoader):
    """Turns the short forms of intrinsic functions into the long ones."""


def _long_form(loader: yaml.Loader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    value: Any
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)
    if suffix == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}": value}


_Loader.add_multi_constructor("!", _long_form)


def load_template(path: Path = TEMPLATE) -> Template:
    """The template with every intrinsic function in its long form."""
    return dict(yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader))  # noqa: S506, a SafeLoader


def expand_template(template: Template) -> Template:
    """What CloudFormation gets to see: the template with SAM's types expanded. Changes `template`."""
    from samtranslator.translator.transform import transform

    # Artefacts are uploaded before the expansion, so that it sees where they went.
    for resource in functions(template).values():
        resource["Properties"]["CodeUri"] = "s3://bucket/key"
    template["Globals"]["Function"].pop("CodeUri")

    class NoManagedPolicies:
        def load(self) -> dict[str, str]:
            return {}

    return dict(transform(template, {}, NoManagedPolicies()))


def functions(template: Template) -> dict[str, Any]:
    """The functions by logical id."""
    return {
        name: resource
        for name, resource in template["Resources"].items()
        if resource["Type"] == "AWS::Serverless::Function"
    }


def functions_by_provider(template: Template) -> dict[str, str]:
    """The logical id of each provider's function."""
    return {
        resource["Metadata"]["BuildProperties"]["Binary"]: name for name, resource in functions(template).items()
    }
