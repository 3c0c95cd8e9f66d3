-- The shared store. Each numbered part is applied once, in order, in a transaction of its own (storage/postgres.py).

-- migration 1: articles with their quotes, earlier versions, preferences
CREATE TABLE verbatim (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),  -- this table has a single row
    version integer NOT NULL,
    identity text NOT NULL,
    last_seq bigint NOT NULL                           -- locked by a writer until it commits: numbers become visible in order
);
CREATE TABLE articles (
    id text PRIMARY KEY,
    seq bigint NOT NULL UNIQUE,
    document json NOT NULL                             -- json, not jsonb: it keeps every character of the text
);
CREATE TABLE versions (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    article_id text NOT NULL,
    document json NOT NULL
);
CREATE INDEX versions_article ON versions (article_id);
CREATE TABLE users (
    id bigint PRIMARY KEY,
    preferences json NOT NULL
);

-- migration 2: which article holds a quote, so that no process need hold all documents; records of every kind
CREATE TABLE quotes (
    id text PRIMARY KEY,
    article_id text NOT NULL
);
INSERT INTO quotes (id, article_id)
    SELECT quote->>'id', articles.id FROM articles, json_array_elements(document->'quotes') AS quote
    ON CONFLICT (id) DO NOTHING;
CREATE INDEX quotes_article ON quotes (article_id);
CREATE TABLE records (
    kind text NOT NULL,
    key text NOT NULL,
    document json NOT NULL,
    PRIMARY KEY (kind, key)
);
INSERT INTO records (kind, key, document) SELECT 'users', id::text, preferences FROM users;
DROP TABLE users;
