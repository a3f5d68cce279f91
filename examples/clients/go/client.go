package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	gql "github.com/Khan/genqlient/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"holdergraph.example/client/graphql"
)

// caller puts what the service wants to know of every request into its headers.
type caller struct{ token, organizationID string }

func (c caller) RoundTrip(request *http.Request) (*http.Response, error) {
	request = request.Clone(request.Context())
	request.Header.Set("Accept", "application/graphql-response+json")
	request.Header.Set("Authorization", "Bearer "+c.token)
	request.Header.Set("X-Organization-Id", c.organizationID)
	return http.DefaultTransport.RoundTrip(request)
}

// connect makes a client; genqlient sends each operation's name by itself.
func connect(url, token, organizationID string) gql.Client {
	transport := caller{token: token, organizationID: organizationID}
	return gql.NewClient(url, &http.Client{Transport: transport, Timeout: 10 * time.Second})
}

// read gives the data that there is and, apart from it, the errors located in it: a field that was refused is null.
func read(ctx context.Context, client gql.Client, id string) (graphql.ReadHolderHolder, gqlerror.List, error) {
	answer, err := graphql.ReadHolder(ctx, client, id)
	var located gqlerror.List
	if err != nil && !errors.As(err, &located) {
		return graphql.ReadHolderHolder{}, nil, err
	}
	holder, found := answer.Holder.Get()
	if !found {
		return graphql.ReadHolderHolder{}, nil, fmt.Errorf("no holder: %w", err)
	}
	return holder, located, nil
}

type userErrors []graphql.UpdateHolderUpdateHolderUpdateHolderPayloadUserErrorsUserError

// update gives what the service refuses of a change, each fault at its field; nothing where it is done. What the input does
// not name stays as it is, optional.Null clears.
func update(ctx context.Context, client gql.Client, input graphql.UpdateHolderInput) (userErrors, error) {
	answer, err := graphql.UpdateHolder(ctx, client, input)
	if err != nil {
		return nil, err
	}
	payload, _ := answer.UpdateHolder.Get()
	return payload.UserErrors, nil
}

// done is an error where the service refused a change.
func done(faults userErrors, err error) error {
	if err == nil && len(faults) > 0 {
		err = fmt.Errorf("refused: %+v", faults)
	}
	return err
}
