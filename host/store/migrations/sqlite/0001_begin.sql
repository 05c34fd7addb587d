-- The schema's number, and the oldest that software must know to use this store. A migration adds; it raises `needs` only when older
-- software would do harm, and then not before the version after the one that brought it.
CREATE TABLE schema (number INTEGER NOT NULL, needs INTEGER NOT NULL, changes_pruned INTEGER NOT NULL);
INSERT INTO schema (number, needs, changes_pruned) VALUES (1, 1, 0);

CREATE TABLE shops (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    class TEXT NOT NULL,
    document TEXT NOT NULL,
    version INTEGER NOT NULL,
    created INTEGER NOT NULL,
    removed INTEGER
);

CREATE TABLE authors (
    name TEXT PRIMARY KEY,
    public_key TEXT NOT NULL,
    created INTEGER NOT NULL,
    revoked INTEGER
);

-- Component bytes, once for all versions that have the same.
CREATE TABLE components (
    digest TEXT PRIMARY KEY,
    bytes BLOB NOT NULL
);

CREATE TABLE packages (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    package TEXT NOT NULL,
    version TEXT NOT NULL,
    digest TEXT NOT NULL REFERENCES components (digest),
    size INTEGER NOT NULL,
    hooks TEXT NOT NULL,
    manifest TEXT NOT NULL,
    settings_schema TEXT,
    author TEXT REFERENCES authors (name),
    signature TEXT,
    published INTEGER NOT NULL,
    UNIQUE (package, version)
);

CREATE TABLE installs (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    shop TEXT NOT NULL REFERENCES shops (id),
    hook TEXT NOT NULL,
    name TEXT NOT NULL,
    position INTEGER NOT NULL,
    live INTEGER,
    previous INTEGER,
    candidate INTEGER,
    candidate_stage TEXT,
    candidate_share INTEGER,
    candidate_since INTEGER,
    policy TEXT,
    breaker TEXT,
    -- Numbers of the newest revision and of the newest line of history.
    newest INTEGER NOT NULL,
    lines INTEGER NOT NULL,
    version INTEGER NOT NULL,
    created INTEGER NOT NULL,
    removed INTEGER
);
CREATE UNIQUE INDEX installs_name ON installs (shop, hook, name) WHERE removed IS NULL;
CREATE INDEX installs_shop ON installs (shop, seq);

CREATE TABLE revisions (
    install TEXT NOT NULL REFERENCES installs (id),
    number INTEGER NOT NULL,
    package TEXT NOT NULL,
    package_version TEXT NOT NULL,
    digest TEXT NOT NULL REFERENCES components (digest),
    settings_digest TEXT NOT NULL,
    note TEXT,
    created INTEGER NOT NULL,
    actor TEXT NOT NULL,
    once TEXT,
    settings TEXT NOT NULL,
    PRIMARY KEY (install, number)
);

CREATE TABLE history (
    install TEXT NOT NULL REFERENCES installs (id),
    number INTEGER NOT NULL,
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    revision INTEGER,
    why TEXT,
    PRIMARY KEY (install, number)
);

-- The outbox: written with what it tells of.
CREATE TABLE changes (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    shop TEXT,
    install TEXT,
    subject TEXT,
    action TEXT,
    at INTEGER NOT NULL
);

CREATE TABLE audit (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    request TEXT,
    action TEXT NOT NULL,
    shop TEXT,
    subject TEXT NOT NULL,
    detail TEXT NOT NULL
);
CREATE INDEX audit_shop ON audit (shop, seq);

CREATE TABLE tokens (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    shop TEXT REFERENCES shops (id),
    label TEXT NOT NULL,
    created INTEGER NOT NULL,
    expires INTEGER,
    revoked INTEGER,
    hash BLOB NOT NULL,
    hash_before BLOB,
    before_until INTEGER
);
CREATE INDEX tokens_shop ON tokens (shop, seq);

CREATE TABLE secrets (
    shop TEXT NOT NULL REFERENCES shops (id),
    name TEXT NOT NULL,
    sealed BLOB NOT NULL,
    version INTEGER NOT NULL,
    created INTEGER NOT NULL,
    updated INTEGER NOT NULL,
    PRIMARY KEY (shop, name)
);

CREATE TABLE data_keys (
    shop TEXT NOT NULL REFERENCES shops (id),
    number INTEGER NOT NULL,
    wrapped BLOB,
    created INTEGER NOT NULL,
    destroyed INTEGER,
    PRIMARY KEY (shop, number)
);

CREATE TABLE server_keys (
    name TEXT PRIMARY KEY,
    bytes BLOB NOT NULL,
    created INTEGER NOT NULL
);

CREATE TABLE idempotency (
    scope TEXT NOT NULL,
    key TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    id TEXT NOT NULL,
    -- Until when the one who does it holds it.
    held_until INTEGER NOT NULL,
    status INTEGER,
    body BLOB,
    expires INTEGER NOT NULL,
    PRIMARY KEY (scope, key)
);
CREATE INDEX idempotency_expires ON idempotency (expires);

CREATE TABLE webhooks (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    shop TEXT NOT NULL REFERENCES shops (id),
    url TEXT NOT NULL,
    events TEXT NOT NULL,
    secret BLOB NOT NULL,
    secret_before BLOB,
    before_until INTEGER,
    version INTEGER NOT NULL,
    created INTEGER NOT NULL,
    disabled INTEGER,
    removed INTEGER
);
CREATE INDEX webhooks_shop ON webhooks (shop, seq);

CREATE TABLE deliveries (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    webhook TEXT NOT NULL REFERENCES webhooks (id),
    event_id TEXT NOT NULL,
    event TEXT NOT NULL,
    payload TEXT NOT NULL,
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    due INTEGER NOT NULL,
    -- Until when the one who makes it holds it.
    held_until INTEGER NOT NULL,
    status INTEGER,
    error TEXT,
    created INTEGER NOT NULL,
    finished INTEGER,
    UNIQUE (webhook, event_id)
);
CREATE INDEX deliveries_due ON deliveries (due) WHERE state = 'pending';

CREATE TABLE jobs (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    shop TEXT NOT NULL REFERENCES shops (id),
    actor TEXT NOT NULL,
    document TEXT NOT NULL,
    state TEXT NOT NULL,
    shards INTEGER NOT NULL,
    shards_done INTEGER NOT NULL,
    shards_dead INTEGER NOT NULL,
    records INTEGER NOT NULL,
    records_done INTEGER NOT NULL,
    result TEXT,
    error TEXT,
    version INTEGER NOT NULL,
    created INTEGER NOT NULL,
    finished INTEGER
);
CREATE INDEX jobs_shop ON jobs (shop, seq);
CREATE INDEX jobs_open ON jobs (seq) WHERE state IN ('running', 'worked');

CREATE TABLE shards (
    job TEXT NOT NULL REFERENCES jobs (id),
    number INTEGER NOT NULL,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    records INTEGER NOT NULL,
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    worker TEXT,
    held_until INTEGER NOT NULL,
    error TEXT,
    result BLOB,
    PRIMARY KEY (job, number)
);
CREATE INDEX shards_open ON shards (job, number) WHERE state IN ('waiting', 'claimed');

CREATE TABLE records (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    at_millis INTEGER NOT NULL,
    shop TEXT NOT NULL,
    hook TEXT NOT NULL,
    stage TEXT NOT NULL,
    -- Ids between spaces, with a space before the first and after the last.
    installs TEXT NOT NULL,
    plugins TEXT NOT NULL,
    fallback TEXT,
    fuel INTEGER NOT NULL,
    micros INTEGER NOT NULL,
    summary TEXT NOT NULL,
    request_id TEXT,
    form INTEGER NOT NULL,
    log TEXT,
    sealed BLOB,
    body BLOB NOT NULL
);
-- Lists and shards are read by shop in the order of writing; hook and time are looked at in the index.
CREATE INDEX records_shop ON records (shop, seq, hook, at_millis);
CREATE INDEX records_time ON records (at_millis);

CREATE TABLE stats (
    install TEXT NOT NULL,
    minute INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    stage TEXT NOT NULL,
    calls INTEGER NOT NULL,
    errors INTEGER NOT NULL,
    fallbacks INTEGER NOT NULL,
    slow INTEGER NOT NULL,
    different INTEGER NOT NULL,
    micros INTEGER NOT NULL,
    PRIMARY KEY (install, minute, revision, stage)
);
CREATE INDEX stats_minute ON stats (minute);

-- Batches of counts that were added already.
CREATE TABLE stats_batches (
    id TEXT PRIMARY KEY,
    at INTEGER NOT NULL
);
CREATE INDEX stats_batches_at ON stats_batches (at);

CREATE TABLE velocity (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    body BLOB NOT NULL
);
CREATE INDEX velocity_at ON velocity (at);

CREATE TABLE leases (
    name TEXT PRIMARY KEY,
    holder TEXT NOT NULL,
    term INTEGER NOT NULL,
    until_millis INTEGER NOT NULL
);
