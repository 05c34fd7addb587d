-- The schema's number, and the oldest that software must know to use this store. A migration adds; it raises `needs` only when older
-- software would do harm, and then not before the version after the one that brought it.
CREATE TABLE schema (number BIGINT NOT NULL, needs BIGINT NOT NULL, changes_pruned BIGINT NOT NULL);
INSERT INTO schema (number, needs, changes_pruned) VALUES (1, 1, 0);

CREATE TABLE shops (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    class TEXT NOT NULL,
    document TEXT NOT NULL,
    version BIGINT NOT NULL,
    created BIGINT NOT NULL,
    removed BIGINT
);

CREATE TABLE authors (
    name TEXT PRIMARY KEY,
    public_key TEXT NOT NULL,
    created BIGINT NOT NULL,
    revoked BIGINT
);

-- Component bytes, once for all versions that have the same.
CREATE TABLE components (
    digest TEXT PRIMARY KEY,
    bytes BYTEA NOT NULL
);

CREATE TABLE packages (
    seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    package TEXT NOT NULL,
    version TEXT NOT NULL,
    digest TEXT NOT NULL REFERENCES components (digest),
    size BIGINT NOT NULL,
    hooks TEXT NOT NULL,
    manifest TEXT NOT NULL,
    settings_schema TEXT,
    author TEXT REFERENCES authors (name),
    signature TEXT,
    published BIGINT NOT NULL,
    UNIQUE (package, version)
);

CREATE TABLE installs (
    seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    shop TEXT NOT NULL REFERENCES shops (id),
    hook TEXT NOT NULL,
    name TEXT NOT NULL,
    position BIGINT NOT NULL,
    live BIGINT,
    previous BIGINT,
    candidate BIGINT,
    candidate_stage TEXT,
    candidate_share BIGINT,
    candidate_since BIGINT,
    policy TEXT,
    breaker TEXT,
    -- Numbers of the newest revision and of the newest line of history.
    newest BIGINT NOT NULL,
    lines BIGINT NOT NULL,
    version BIGINT NOT NULL,
    created BIGINT NOT NULL,
    removed BIGINT
);
CREATE UNIQUE INDEX installs_name ON installs (shop, hook, name) WHERE removed IS NULL;
CREATE INDEX installs_shop ON installs (shop, seq);

CREATE TABLE revisions (
    install TEXT NOT NULL REFERENCES installs (id),
    number BIGINT NOT NULL,
    package TEXT NOT NULL,
    package_version TEXT NOT NULL,
    digest TEXT NOT NULL REFERENCES components (digest),
    settings_digest TEXT NOT NULL,
    note TEXT,
    created BIGINT NOT NULL,
    actor TEXT NOT NULL,
    once TEXT,
    settings TEXT NOT NULL,
    PRIMARY KEY (install, number)
);

CREATE TABLE history (
    install TEXT NOT NULL REFERENCES installs (id),
    number BIGINT NOT NULL,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    revision BIGINT,
    why TEXT,
    PRIMARY KEY (install, number)
);

-- The outbox: written with what it tells of.
CREATE TABLE changes (
    seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind TEXT NOT NULL,
    shop TEXT,
    install TEXT,
    subject TEXT,
    action TEXT,
    at BIGINT NOT NULL
);

CREATE TABLE audit (
    seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    request TEXT,
    action TEXT NOT NULL,
    shop TEXT,
    subject TEXT NOT NULL,
    detail TEXT NOT NULL
);
CREATE INDEX audit_shop ON audit (shop, seq);

CREATE TABLE tokens (
    seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    shop TEXT REFERENCES shops (id),
    label TEXT NOT NULL,
    created BIGINT NOT NULL,
    expires BIGINT,
    revoked BIGINT,
    hash BYTEA NOT NULL,
    hash_before BYTEA,
    before_until BIGINT
);
CREATE INDEX tokens_shop ON tokens (shop, seq);

CREATE TABLE secrets (
    shop TEXT NOT NULL REFERENCES shops (id),
    name TEXT NOT NULL,
    sealed BYTEA NOT NULL,
    version BIGINT NOT NULL,
    created BIGINT NOT NULL,
    updated BIGINT NOT NULL,
    PRIMARY KEY (shop, name)
);

CREATE TABLE data_keys (
    shop TEXT NOT NULL REFERENCES shops (id),
    number BIGINT NOT NULL,
    wrapped BYTEA,
    created BIGINT NOT NULL,
    destroyed BIGINT,
    PRIMARY KEY (shop, number)
);

CREATE TABLE server_keys (
    name TEXT PRIMARY KEY,
    bytes BYTEA NOT NULL,
    created BIGINT NOT NULL
);

CREATE TABLE idempotency (
    scope TEXT NOT NULL,
    key TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    id TEXT NOT NULL,
    -- Until when the one who does it holds it.
    held_until BIGINT NOT NULL,
    status BIGINT,
    body BYTEA,
    expires BIGINT NOT NULL,
    PRIMARY KEY (scope, key)
);
CREATE INDEX idempotency_expires ON idempotency (expires);

CREATE TABLE webhooks (
    seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    shop TEXT NOT NULL REFERENCES shops (id),
    url TEXT NOT NULL,
    events TEXT NOT NULL,
    secret BYTEA NOT NULL,
    secret_before BYTEA,
    before_until BIGINT,
    version BIGINT NOT NULL,
    created BIGINT NOT NULL,
    disabled BIGINT,
    removed BIGINT
);
CREATE INDEX webhooks_shop ON webhooks (shop, seq);

CREATE TABLE deliveries (
    seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    webhook TEXT NOT NULL REFERENCES webhooks (id),
    event_id TEXT NOT NULL,
    event TEXT NOT NULL,
    payload TEXT NOT NULL,
    state TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    due BIGINT NOT NULL,
    -- Until when the one who makes it holds it.
    held_until BIGINT NOT NULL,
    status BIGINT,
    error TEXT,
    created BIGINT NOT NULL,
    finished BIGINT,
    UNIQUE (webhook, event_id)
);
CREATE INDEX deliveries_due ON deliveries (due) WHERE state = 'pending';

CREATE TABLE jobs (
    seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    shop TEXT NOT NULL REFERENCES shops (id),
    actor TEXT NOT NULL,
    document TEXT NOT NULL,
    state TEXT NOT NULL,
    shards BIGINT NOT NULL,
    shards_done BIGINT NOT NULL,
    shards_dead BIGINT NOT NULL,
    records BIGINT NOT NULL,
    records_done BIGINT NOT NULL,
    result TEXT,
    error TEXT,
    version BIGINT NOT NULL,
    created BIGINT NOT NULL,
    finished BIGINT
);
CREATE INDEX jobs_shop ON jobs (shop, seq);
CREATE INDEX jobs_open ON jobs (seq) WHERE state IN ('running', 'worked');

CREATE TABLE shards (
    job TEXT NOT NULL REFERENCES jobs (id),
    number BIGINT NOT NULL,
    first BIGINT NOT NULL,
    last BIGINT NOT NULL,
    records BIGINT NOT NULL,
    state TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    worker TEXT,
    held_until BIGINT NOT NULL,
    error TEXT,
    result BYTEA,
    PRIMARY KEY (job, number)
);
CREATE INDEX shards_open ON shards (job, number) WHERE state IN ('waiting', 'claimed');

CREATE TABLE records (
    seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    at_millis BIGINT NOT NULL,
    shop TEXT NOT NULL,
    hook TEXT NOT NULL,
    stage TEXT NOT NULL,
    -- Ids between spaces, with a space before the first and after the last.
    installs TEXT NOT NULL,
    plugins TEXT NOT NULL,
    fallback TEXT,
    fuel BIGINT NOT NULL,
    micros BIGINT NOT NULL,
    summary TEXT NOT NULL,
    request_id TEXT,
    form BIGINT NOT NULL,
    log TEXT,
    sealed BYTEA,
    body BYTEA NOT NULL
);
-- Lists and shards are read by shop in the order of writing; hook and time are looked at in the index.
CREATE INDEX records_shop ON records (shop, seq, hook, at_millis);
CREATE INDEX records_time ON records (at_millis);

CREATE TABLE stats (
    install TEXT NOT NULL,
    minute BIGINT NOT NULL,
    revision BIGINT NOT NULL,
    stage TEXT NOT NULL,
    calls BIGINT NOT NULL,
    errors BIGINT NOT NULL,
    fallbacks BIGINT NOT NULL,
    slow BIGINT NOT NULL,
    different BIGINT NOT NULL,
    micros BIGINT NOT NULL,
    PRIMARY KEY (install, minute, revision, stage)
);
CREATE INDEX stats_minute ON stats (minute);

-- Batches of counts that were added already.
CREATE TABLE stats_batches (
    id TEXT PRIMARY KEY,
    at BIGINT NOT NULL
);
CREATE INDEX stats_batches_at ON stats_batches (at);

CREATE TABLE velocity (
    seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at BIGINT NOT NULL,
    body BYTEA NOT NULL
);
CREATE INDEX velocity_at ON velocity (at);

CREATE TABLE leases (
    name TEXT PRIMARY KEY,
    holder TEXT NOT NULL,
    term BIGINT NOT NULL,
    until_millis BIGINT NOT NULL
);
