-- What the service is told and what it must remember. Times are microseconds since 1970, UTC,
-- unless the name says otherwise.

CREATE TABLE meta (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Tenants, manifests, rules and wrapped data keys as documents; origin is 'config' (files) or 'admin' (the API).
CREATE TABLE policy (
    kind     TEXT    NOT NULL,
    name     TEXT    NOT NULL,
    position INTEGER NOT NULL,
    origin   TEXT    NOT NULL,
    version  INTEGER NOT NULL,
    document TEXT    NOT NULL,
    PRIMARY KEY (kind, name)
) STRICT, WITHOUT ROWID;

-- Refresh tokens that were used, until they would have expired anyway.
CREATE TABLE refresh_used (
    id        TEXT PRIMARY KEY,
    expires_s INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The month's count of each tenant.
CREATE TABLE quota_used (
    tenant   TEXT PRIMARY KEY,
    start_ms INTEGER NOT NULL,
    used     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The trail: hash = SHA-256(hash of the row before, number, time, record).
CREATE TABLE audit (
    number INTEGER PRIMARY KEY,
    at_us  INTEGER NOT NULL,
    tenant TEXT    NOT NULL,
    record TEXT    NOT NULL,
    hash   BLOB    NOT NULL
) STRICT;

-- Length-preserving pseudonyms: scope names tenant and domain, lookup is a keyed digest of the
-- value, sealed the value encrypted.
CREATE TABLE pseudonym (
    scope     BLOB NOT NULL,
    lookup    BLOB NOT NULL,
    pseudonym TEXT NOT NULL,
    sealed    BLOB NOT NULL,
    PRIMARY KEY (scope, lookup),
    UNIQUE (scope, pseudonym)
) STRICT, WITHOUT ROWID;
