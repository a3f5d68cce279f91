// What this client asks. The code generator reads these documents and types each of them.
import { graphql } from "./graphql/gql.js";

export const createHolder = graphql(`
  mutation CreateHolder($input: CreateHolderInput!) {
    createHolder(input: $input) {
      holder { id }
      userErrors { code field message }
    }
  }
`);

export const linkAccount = graphql(`
  mutation LinkAccount($input: CreateAliasAccountInput!) {
    createAliasAccount(input: $input) {
      aliasAccount { id link { status } }
      userErrors { code field message }
    }
  }
`);

export const updateHolder = graphql(`
  mutation UpdateHolder($input: UpdateHolderInput!) {
    updateHolder(input: $input) {
      holder { id version }
      userErrors { code field message }
    }
  }
`);

export const readHolder = graphql(`
  query ReadHolder($id: ID!) {
    holder(id: $id) {
      id
      name
      externalId
      version
      contact { primaryEmail secondaryEmail mobilePhone }
      naturalPerson { birthDate }
      metadata
      aliasAccounts(first: 5) {
        nodes { id accountId }
        pageInfo { hasNextPage }
      }
    }
  }
`);
