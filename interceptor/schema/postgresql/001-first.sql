-- The shared token store: length-preserving pseudonyms. scope names tenant and domain, lookup is a
-- keyed digest of the value, digest one of the pseudonym, sealed the value encrypted.

CREATE TABLE interceptor_pseudonym (
    scope     bytea NOT NULL,
    lookup    bytea NOT NULL,
    pseudonym bytea NOT NULL,
    digest    bytea NOT NULL,
    sealed    bytea NOT NULL,
    PRIMARY KEY (scope, lookup),
    UNIQUE (scope, digest)
);

-- Single values: 'key' tells with which key file the store was made.
CREATE TABLE interceptor_meta (
    name  text PRIMARY KEY,
    value text NOT NULL
);
