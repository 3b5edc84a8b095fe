"""What the template promises: routes, settings, least privilege, logs. No AWS account and no container needed."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from stack_template import ROOT, Template, expand_template, functions, functions_by_provider, load_template

PROVIDERS = ["custom", "oidc"]

COMMON_SETTINGS = {"DITTO_DATABASE_IDS", "DITTO_SIGNATURE", "DITTO_SIGNATURE_SECRET", "LOG_LEVEL"}
PROVIDER_SETTINGS = {"ALGORITHMS", "AUDIENCE", "ISSUER", "PROVIDER_NAME", "SIGNING_KEYS_SECRET", "TOKEN_KIND"}

# The longest that an HTTP API waits for an integration.
GATEWAY_LIMIT_MILLISECONDS = 30_000


@pytest.fixture(scope="module")
def template() -> Template:
    return load_template()


@pytest.fixture(scope="module")
def expanded() -> Template:
    with pytest.MonkeyPatch.context() as environment:
        # The expansion asks which partition it is for.
        environment.setenv("AWS_DEFAULT_REGION", "eu-central-1")
        return expand_template(load_template())


def resources_of(template: Template, resource_type: str) -> dict[str, Any]:
    return {name: value for name, value in template["Resources"].items() if value["Type"] == resource_type}


def logical_prefix(provider: str) -> str:
    return provider.capitalize()


def test_each_provider_is_a_function_of_its_own(template: Template) -> None:
    assert functions_by_provider(template) == {
        provider: f"{logical_prefix(provider)}Function" for provider in PROVIDERS
    }


def test_only_posts_to_the_providers_paths_are_routed(expanded: Template) -> None:
    (api,) = resources_of(expanded, "AWS::ApiGatewayV2::Api").values()
    routes = set()
    for path, methods in api["Properties"]["Body"]["paths"].items():
        # Wrapped in Fn::If, as a provider without an issuer has no route.
        condition, present, absent = methods["Fn::If"]
        assert condition == f"Has{logical_prefix(path.removeprefix('/'))}"
        assert absent == {"Ref": "AWS::NoValue"}
        routes |= {(method, path) for method in present}
    assert routes == {("post", f"/{provider}") for provider in PROVIDERS}
    assert not resources_of(expanded, "AWS::Lambda::Url")


def test_only_the_own_route_may_invoke_a_function(expanded: Template) -> None:
    permissions = resources_of(expanded, "AWS::Lambda::Permission").values()
    routes = {
        permission["Properties"]["FunctionName"]["Ref"]: permission["Properties"]["SourceArn"]["Fn::Sub"][0]
        for permission in permissions
    }
    assert len(permissions) == len(PROVIDERS)
    for provider in PROVIDERS:
        assert routes[f"{logical_prefix(provider)}Function"].endswith(f"/POST/{provider}")
    assert {permission["Properties"]["Principal"] for permission in permissions} == {"apigateway.amazonaws.com"}


def test_functions_get_exactly_the_known_settings(expanded: Template) -> None:
    for name, function in resources_of(expanded, "AWS::Lambda::Function").items():
        assert set(function["Properties"]["Environment"]["Variables"]) == COMMON_SETTINGS | PROVIDER_SETTINGS, name


@pytest.mark.parametrize("provider", PROVIDERS)
def test_settings_come_from_the_providers_own_parameters(template: Template, provider: str) -> None:
    prefix = logical_prefix(provider)
    variables = functions(template)[f"{prefix}Function"]["Properties"]["Environment"]["Variables"]
    assert variables == {
        "PROVIDER_NAME": {"Ref": f"{prefix}ProviderName"},
        "SIGNING_KEYS_SECRET": {"Ref": f"{prefix}SigningKeysSecret"},
        "ISSUER": {"Ref": f"{prefix}Issuer"},
        "AUDIENCE": {"Ref": f"{prefix}Audience"},
        "TOKEN_KIND": {"Ref": f"{prefix}TokenKind"},
        "ALGORITHMS": {"Ref": f"{prefix}Algorithms"},
    }


def test_signature_secret_is_given_only_while_signatures_are_required(template: Template) -> None:
    common = template["Globals"]["Function"]["Environment"]["Variables"]
    assert common["DITTO_SIGNATURE_SECRET"] == {
        "Fn::If": ["SignatureRequired", {"Ref": "DittoSignatureSecret"}, {"Ref": "AWS::NoValue"}]
    }
    assert template["Conditions"]["SignatureRequired"] == {"Fn::Equals": [{"Ref": "DittoSignature"}, "required"]}
    assert template["Parameters"]["DittoSignature"]["Default"] == "required"
    # YAML reads a bare `off` as false, and CloudFormation would then allow the word "false".
    assert template["Parameters"]["DittoSignature"]["AllowedValues"] == ["required", "off"]


@pytest.mark.parametrize("provider", PROVIDERS)
def test_role_allows_exactly_what_the_function_needs(expanded: Template, provider: str) -> None:
    prefix = logical_prefix(provider)
    role = expanded["Resources"][f"{prefix}Role"]["Properties"]
    assert set(role) == {"AssumeRolePolicyDocument", "Description", "Policies"}, "no managed policies"
    (policy,) = role["Policies"]
    assert policy["PolicyDocument"]["Statement"] == [
        {
            "Effect": "Allow",
            "Action": "secretsmanager:GetSecretValue",
            "Resource": [
                {"Ref": f"{prefix}SigningKeysSecret"},
                {"Fn::If": ["SignatureRequired", {"Ref": "DittoSignatureSecret"}, {"Ref": "AWS::NoValue"}]},
            ],
        },
        {
            "Effect": "Allow",
            "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
            "Resource": {"Fn::GetAtt": [f"{prefix}LogGroup", "Arn"]},
        },
        {"Effect": "Allow", "Action": ["xray:PutTraceSegments", "xray:PutTelemetryRecords"], "Resource": "*"},
    ]
    (assumed_by,) = role["AssumeRolePolicyDocument"]["Statement"]
    assert assumed_by["Principal"] == {"Service": "lambda.amazonaws.com"}
    assert assumed_by["Action"] == "sts:AssumeRole"


def test_no_function_can_reach_what_belongs_to_another(expanded: Template) -> None:
    for provider in PROVIDERS:
        allowed = repr(expanded["Resources"][f"{logical_prefix(provider)}Role"])
        for other in set(PROVIDERS) - {provider}:
            for belonging in ("SigningKeysSecret", "LogGroup"):
                assert f"{logical_prefix(other)}{belonging}" not in allowed


def test_functions_have_no_permissions_but_their_roles(expanded: Template) -> None:
    roles = {name for name, value in expanded["Resources"].items() if value["Type"].startswith("AWS::IAM::")}
    assert roles == {f"{logical_prefix(provider)}Role" for provider in PROVIDERS}
    assert not resources_of(expanded, "AWS::SecretsManager::ResourcePolicy")
    for provider in PROVIDERS:
        prefix = logical_prefix(provider)
        function = expanded["Resources"][f"{prefix}Function"]["Properties"]
        assert function["Role"] == {"Fn::GetAtt": [f"{prefix}Role", "Arn"]}


def test_secrets_are_made_empty_and_outlive_the_stack(template: Template) -> None:
    secrets = resources_of(template, "AWS::SecretsManager::Secret")
    assert set(secrets) == {"DittoSignatureSecret", *(f"{logical_prefix(name)}SigningKeysSecret" for name in PROVIDERS)}
    for secret in secrets.values():
        assert set(secret["Properties"]) == {"Name", "Description"}
        assert secret["DeletionPolicy"] == "RetainExceptOnCreate"
        assert secret["UpdateReplacePolicy"] == "Retain"


def test_every_function_logs_to_a_group_that_forgets(expanded: Template) -> None:
    for provider in PROVIDERS:
        prefix = logical_prefix(provider)
        logging = expanded["Resources"][f"{prefix}Function"]["Properties"]["LoggingConfig"]
        assert logging["LogGroup"] == {"Ref": f"{prefix}LogGroup"}
        # Lambda's own filter must be wide open, or LOG_LEVEL would ask in vain.
        assert logging["ApplicationLogLevel"] == "TRACE"
        group = expanded["Resources"][f"{prefix}LogGroup"]["Properties"]
        assert group["RetentionInDays"] == {"Ref": "LogRetentionDays"}


def test_every_function_is_traced(expanded: Template) -> None:
    for name, function in resources_of(expanded, "AWS::Lambda::Function").items():
        assert function["Properties"]["TracingConfig"] == {"Mode": "Active"}, name


def test_functions_are_built_for_the_custom_runtime(expanded: Template) -> None:
    for name, function in resources_of(expanded, "AWS::Lambda::Function").items():
        properties = function["Properties"]
        assert (properties["Runtime"], properties["Handler"]) == ("provided.al2023", "bootstrap"), name
        assert properties["Architectures"] == [{"Ref": "Architecture"}], name
    assert load_template()["Parameters"]["Architecture"]["Default"] == "arm64"


def test_gateway_waits_longer_than_the_function_runs(template: Template) -> None:
    limit = template["Globals"]["Function"]["Timeout"] * 1000
    for name, function in functions(template).items():
        (event,) = function["Properties"]["Events"].values()
        assert limit < event["Properties"]["TimeoutInMillis"] <= GATEWAY_LIMIT_MILLISECONDS, name
        assert event["Properties"]["PayloadFormatVersion"] == "2.0", name


@pytest.mark.parametrize("provider", PROVIDERS)
def test_everything_of_a_provider_goes_with_its_issuer(expanded: Template, provider: str) -> None:
    prefix = logical_prefix(provider)
    condition = f"Has{prefix}"
    assert expanded["Conditions"][condition] == {"Fn::Not": [{"Fn::Equals": [{"Ref": f"{prefix}Issuer"}, ""]}]}
    own = {name: value for name, value in expanded["Resources"].items() if name.startswith(prefix)}
    assert len(own) == 5, "function, permission, role, log group, secret"
    assert all(value["Condition"] == condition for value in own.values())


def test_outputs_name_the_urls_and_the_secrets(template: Template) -> None:
    outputs = {name: output["Value"]["Fn::Sub"] for name, output in template["Outputs"].items()}
    stack = "${AWS::StackName}"
    host = "https://${Api}.execute-api.${AWS::Region}.${AWS::URLSuffix}"
    assert outputs == {
        "DittoSignatureSecretName": f"{stack}/ditto-signature",
        **{f"{logical_prefix(name)}Url": f"{host}/{name}" for name in PROVIDERS},
        **{f"{logical_prefix(name)}SigningKeysSecretName": f"{stack}/{name}/signing-keys" for name in PROVIDERS},
    }
    names = {
        secret["Properties"]["Name"]["Fn::Sub"]
        for secret in resources_of(template, "AWS::SecretsManager::Secret").values()
    }
    assert names == {value for name, value in outputs.items() if name.endswith("SecretName")}


@pytest.mark.parametrize(
    ("parameter", "value", "is_allowed"),
    [
        ("DittoDatabaseIds", "3f5c1c0e-1111-4222-8333-0123456789ab", True),
        ("DittoDatabaseIds", "3f5c1c0e-1111-4222-8333-0123456789ab,another", True),
        ("DittoDatabaseIds", "*", True),
        ("DittoDatabaseIds", "*,another", False),
        ("DittoDatabaseIds", "one, another", False),
        ("DittoDatabaseIds", "", False),
        ("OidcIssuer", "https://login.example.com/", True),
        ("OidcIssuer", "", True),
        ("OidcIssuer", "http://login.example.com/", False),
        ("OidcIssuer", "https://a.example.com,https://b.example.com", False),
        ("CustomIssuer", "my-backend", True),
        ("CustomIssuer", "my backend", False),
        ("OidcAudience", "api://default,mobile", True),
        ("OidcAudience", "a,", False),
        ("OidcAudience", "a,,b", False),
        ("OidcProviderName", "my-auth,other", True),
        ("OidcProviderName", "", False),
        ("OidcAlgorithms", "", True),
        ("OidcAlgorithms", "RS256,ES384,EdDSA", True),
        ("OidcAlgorithms", "HS256", False),
        ("OidcAlgorithms", "none", False),
        ("OidcAlgorithms", "RS256,", False),
        ("OidcAlgorithms", "RS256ES256", False),
        ("CustomAlgorithms", "HS256,Ed25519", True),
        ("CustomAlgorithms", "none", False),
    ],
)
def test_parameters_refuse_what_the_functions_would(
    template: Template, parameter: str, value: str, is_allowed: bool
) -> None:
    pattern = template["Parameters"][parameter]["AllowedPattern"]
    # CloudFormation wants the pattern to match the whole value.
    assert (re.fullmatch(pattern, value) is not None) is is_allowed


def test_every_parameter_is_explained(template: Template) -> None:
    groups = template["Metadata"]["AWS::CloudFormation::Interface"]["ParameterGroups"]
    grouped = [name for group in groups for name in group["Parameters"]]
    assert sorted(grouped) == sorted(template["Parameters"])
    for name, parameter in template["Parameters"].items():
        assert len(parameter["Description"]) > 20, name
        assert ("AllowedPattern" in parameter) == ("ConstraintDescription" in parameter), name


def test_sam_validates_and_lints_the_template() -> None:
    environment = {
        # Validation looks for credentials but calls nobody.
        "AWS_DEFAULT_REGION": "eu-central-1",
        "HOME": os.environ.get("HOME", ""),
        "PATH": os.environ["PATH"],
        "SAM_CLI_TELEMETRY": "0",
    }
    done = subprocess.run(
        [Path(sys.executable).with_name("sam"), "validate", "--lint"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
