// The flow: create a holder, link an account, read both, change some fields and leave the others alone, clear some.
package main

//go:generate go tool genqlient

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"os"

	gql "github.com/Khan/genqlient/graphql"

	"holdergraph.example/client/graphql"
	"holdergraph.example/client/optional"
)

func main() {
	if err := flow(context.Background()); err != nil {
		log.Fatal(err)
	}
}

func flow(ctx context.Context) error {
	url, organizationID := os.Getenv("URL"), os.Getenv("ORGANIZATION_ID")
	client := connect(url, os.Getenv("TOKEN"), organizationID)
	restricted := connect(url, os.Getenv("RESTRICTED_TOKEN"), organizationID)

	created, err := graphql.CreateHolder(ctx, client, graphql.CreateHolderInput{
		Type:       graphql.HolderTypeNaturalPerson,
		Name:       "Maria Souza",
		Document:   os.Getenv("DOCUMENT"),
		ExternalId: optional.Of("customer-1"),
		Contact: optional.Of(graphql.ContactInput{
			PrimaryEmail:   optional.Of("maria@example.com"),
			SecondaryEmail: optional.Of("souza@example.com"),
			MobilePhone:    optional.Of("+55 11 90000-0001"),
		}),
		NaturalPerson: optional.Of(graphql.NaturalPersonInput{BirthDate: optional.Of("1990-02-28")}),
		Metadata:      optional.Of(map[string]any{"segment": "retail"}),
	})
	if err != nil {
		return err
	}
	newHolder, _ := created.CreateHolder.Get()
	holder, found := newHolder.Holder.Get()
	if !found {
		return fmt.Errorf("the holder was refused: %+v", newHolder.UserErrors)
	}

	linked, err := graphql.LinkAccount(ctx, client, graphql.CreateAliasAccountInput{
		HolderId:  holder.Id,
		LedgerId:  os.Getenv("LEDGER_ID"),
		AccountId: os.Getenv("ACCOUNT_ID"),
	})
	if err != nil {
		return err
	}
	newLink, _ := linked.CreateAliasAccount.Get()
	account, found := newLink.AliasAccount.Get()
	if !found {
		return fmt.Errorf("the link was refused: %+v", newLink.UserErrors)
	}

	before, _, err := read(ctx, client, holder.Id)
	if err != nil {
		return err
	}

	// Absent leaves alone: of the contact only the telephone number changes, and all else of the holder but its name stays.
	err = done(update(ctx, client, graphql.UpdateHolderInput{
		Id:              holder.Id,
		ExpectedVersion: optional.Of(before.Version),
		Name:            optional.Of("Maria Lima"),
		Contact:         optional.Of(graphql.ContactChange{MobilePhone: optional.Of("+55 11 90000-0002")}),
	}))
	if err != nil {
		return err
	}
	changed, _, err := read(ctx, client, holder.Id)
	if err != nil {
		return err
	}

	// Null clears: the external id, and of the contact the first e-mail address.
	err = done(update(ctx, client, graphql.UpdateHolderInput{
		Id:         holder.Id,
		ExternalId: optional.Null[string](),
		Contact:    optional.Of(graphql.ContactChange{PrimaryEmail: optional.Null[string]()}),
	}))
	if err != nil {
		return err
	}
	cleared, _, err := read(ctx, client, holder.Id)
	if err != nil {
		return err
	}

	// Bad input is no error of GraphQL: the payload says which field is wrong, and how.
	faults, err := update(ctx, client, graphql.UpdateHolderInput{
		Id:      holder.Id,
		Contact: optional.Of(graphql.ContactChange{PrimaryEmail: optional.Of("no address")}),
	})
	if err != nil {
		return err
	}
	refused := []map[string]any{}
	for _, fault := range faults {
		refused = append(refused, map[string]any{"code": fault.Code, "field": fault.Field})
	}

	// This token may read holders and no alias accounts: the holder is there, its accounts are null, and an error says why.
	partial, located, err := read(ctx, restricted, holder.Id)
	if err != nil {
		return err
	}
	missing := []map[string]any{}
	for _, fault := range located {
		missing = append(missing, map[string]any{"code": fault.Extensions["code"], "path": fault.Path})
	}

	bare, err := renameBare(ctx, client)
	if err != nil {
		return err
	}

	return json.NewEncoder(os.Stdout).Encode(map[string]any{
		"holderId":       holder.Id,
		"aliasAccountId": account.Id,
		"linkUsable":     account.Link.Status == graphql.LinkStatusVerified,
		"before":         before,
		"changed":        changed,
		"cleared":        cleared,
		"refused":        refused,
		"partial":        map[string]any{"holder": partial, "errors": missing},
		"bare":           bare,
	})
}

// renameBare changes the name of a holder that has no more than that: an object that is left alone is not sent at all,
// as an empty one would be made.
func renameBare(ctx context.Context, client gql.Client) (graphql.ReadHolderHolder, error) {
	var none graphql.ReadHolderHolder
	created, err := graphql.CreateHolder(ctx, client, graphql.CreateHolderInput{
		Type:     graphql.HolderTypeNaturalPerson,
		Name:     "Ana Souza",
		Document: os.Getenv("DOCUMENT") + "-BARE",
	})
	if err != nil {
		return none, err
	}
	payload, _ := created.CreateHolder.Get()
	holder, found := payload.Holder.Get()
	if !found {
		return none, fmt.Errorf("the holder was refused: %+v", payload.UserErrors)
	}
	err = done(update(ctx, client, graphql.UpdateHolderInput{Id: holder.Id, Name: optional.Of("Ana Lima")}))
	if err != nil {
		return none, err
	}
	renamed, _, err := read(ctx, client, holder.Id)
	return renamed, err
}
