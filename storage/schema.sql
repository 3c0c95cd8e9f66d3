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
