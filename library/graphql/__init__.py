"""GraphQL of the library: field classes that soniquebay/graphql.py composes."""
