"""The flow: create a holder, link an account, read both, change some fields and leave the others alone, clear some."""

import json
import os
from typing import Any

import httpx

from holdergraph_client import Client, ReadHolder
from holdergraph_client.enums import HolderType, LinkStatus
from holdergraph_client.exceptions import (
    GraphQLClientGraphQLError,
    GraphQLClientGraphQLMultiError,
)
from holdergraph_client.input_types import (
    ContactInput,
    CreateAliasAccountInput,
    CreateHolderInput,
    NaturalPersonInput,
    UpdateHolderInput,
)


def connect(token: str) -> Client:
    """A client of the generated package; it sends each operation's name by itself."""
    headers = {
        "Accept": "application/graphql-response+json",
        "Authorization": f"Bearer {token}",
        "X-Organization-Id": os.environ["ORGANIZATION_ID"],
    }
    http = httpx.Client(headers=headers, timeout=httpx.Timeout(10))
    return Client(url=os.environ["URL"], http_client=http)


def none_refused(payload: Any) -> Any:
    """A mutation answers what the caller can mend in user_errors, each at its field."""
    if payload.user_errors:
        raise RuntimeError(f"refused: {payload.user_errors}")
    return payload


def read(client: Client, id: str) -> tuple[ReadHolder, list[GraphQLClientGraphQLError]]:
    """Data and errors. The generated method raises for any error; the data that there is comes with it."""
    try:
        return client.read_holder(id=id), []
    except GraphQLClientGraphQLMultiError as refusal:
        if not refusal.data:
            raise
        return ReadHolder.model_validate(refusal.data), refusal.errors


def shown(answer: ReadHolder) -> Any:
    return answer.model_dump(by_alias=True)["holder"]


def rename_bare(client: Client) -> ReadHolder:
    """Of a holder that has no more than a name: an object that is left alone is not sent, as an empty one would be made."""
    new = CreateHolderInput(
        type=HolderType.NATURAL_PERSON,
        name="Ana Souza",
        document=os.environ["DOCUMENT"] + "-BARE",
    )
    id = none_refused(client.create_holder(input=new).create_holder).holder.id
    change = UpdateHolderInput(id=id, name="Ana Lima")
    none_refused(client.update_holder(input=change).update_holder)
    return read(client, id)[0]


def main() -> None:
    client = connect(os.environ["TOKEN"])
    restricted = connect(os.environ["RESTRICTED_TOKEN"])

    new = CreateHolderInput(
        type=HolderType.NATURAL_PERSON,
        name="Maria Souza",
        document=os.environ["DOCUMENT"],
        external_id="customer-1",
        contact=ContactInput(
            primary_email="maria@example.com",
            secondary_email="souza@example.com",
            mobile_phone="+55 11 90000-0001",
        ),
        natural_person=NaturalPersonInput(birth_date="1990-02-28"),
        metadata={"segment": "retail"},
    )
    holder_id = none_refused(client.create_holder(input=new).create_holder).holder.id

    link = CreateAliasAccountInput(
        holder_id=holder_id,
        ledger_id=os.environ["LEDGER_ID"],
        account_id=os.environ["ACCOUNT_ID"],
    )
    linked = client.link_account(input=link).create_alias_account
    account = none_refused(linked).alias_account

    before, _ = read(client, holder_id)
    assert before.holder is not None

    # Absent leaves alone: what no argument names is not sent. Of the contact only the telephone number changes.
    change = UpdateHolderInput(
        id=holder_id,
        expected_version=before.holder.version,
        name="Maria Lima",
        contact=ContactInput(mobile_phone="+55 11 90000-0002"),
    )
    none_refused(client.update_holder(input=change).update_holder)
    changed, _ = read(client, holder_id)

    # Null clears: None that is given is sent.
    clear = UpdateHolderInput(
        id=holder_id, external_id=None, contact=ContactInput(primary_email=None)
    )
    none_refused(client.update_holder(input=clear).update_holder)
    cleared, _ = read(client, holder_id)

    # Bad input is no error of GraphQL: the payload says which field is wrong, and how.
    bad = UpdateHolderInput(
        id=holder_id, contact=ContactInput(primary_email="no address")
    )
    refused = client.update_holder(input=bad).update_holder
    assert refused is not None

    # This token may read holders and no alias accounts: the holder is there, its accounts are None, and an error says why.
    partial, errors = read(restricted, holder_id)

    bare = rename_bare(client)

    seen = {
        "holderId": holder_id,
        "aliasAccountId": account.id,
        "linkUsable": account.link.status == LinkStatus.VERIFIED,
        "before": shown(before),
        "changed": shown(changed),
        "cleared": shown(cleared),
        "refused": [
            {"code": error.code.value, "field": error.field}
            for error in refused.user_errors
        ],
        "partial": {
            "holder": shown(partial),
            "errors": [
                {"code": (error.extensions or {}).get("code"), "path": error.path}
                for error in errors
            ],
        },
        "bare": shown(bare),
    }
    print(json.dumps(seen))


if __name__ == "__main__":
    main()
