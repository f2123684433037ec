"""What schema 2 added to schema 1, as SQLite was told to make it: released, so it is never changed."""

from __future__ import annotations

#: Tables, then their indexes.
ADDED = (
    "CREATE TABLE corrections ( id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, article VARCHAR NOT NULL, content "
    "JSON NOT NULL, words_digest VARCHAR NOT NULL, found VARCHAR NOT NULL, speaker VARCHAR, role VARCHAR, side "
    "VARCHAR, stance VARCHAR, hidden BOOLEAN NOT NULL, at DATETIME NOT NULL )",
    "CREATE TABLE stories ( id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, articles INTEGER NOT NULL, first "
    "DATETIME, last DATETIME, vector BLOB NOT NULL )",
    "CREATE TABLE term_counts ( term VARCHAR NOT NULL, articles INTEGER NOT NULL, PRIMARY KEY (term) ) WITHOUT ROWID",
    "CREATE TABLE chats ( id INTEGER NOT NULL, kind VARCHAR NOT NULL, language VARCHAR, length VARCHAR NOT NULL, "
    "open BOOLEAN NOT NULL, dark BOOLEAN NOT NULL, state VARCHAR NOT NULL, zone VARCHAR NOT NULL, quiet_start "
    "TIME, quiet_end TIME, digest TIME NOT NULL, most INTEGER NOT NULL, former BIGINT, PRIMARY KEY (id) )",
    "CREATE TABLE cards ( id VARCHAR NOT NULL, kind VARCHAR NOT NULL, chat BIGINT NOT NULL, thread BIGINT NOT "
    "NULL, asker BIGINT NOT NULL, question_message BIGINT, message BIGINT, picture BIGINT, language VARCHAR NOT "
    "NULL, asked DATETIME NOT NULL, shared BOOLEAN NOT NULL, answer TEXT NOT NULL, PRIMARY KEY (id) )",
    "CREATE TABLE followings ( id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, chat BIGINT NOT NULL, thread "
    "BIGINT NOT NULL, person BIGINT NOT NULL, topic VARCHAR NOT NULL, folded VARCHAR NOT NULL, since DATETIME "
    "NOT NULL, language VARCHAR NOT NULL, sides JSON NOT NULL, outlets JSON NOT NULL, cadence VARCHAR NOT NULL, "
    "paused BOOLEAN NOT NULL, muted_until DATETIME, once BOOLEAN NOT NULL, status VARCHAR, UNIQUE (chat, thread, "
    "folded, once) )",
    "CREATE TABLE reports ( id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, person BIGINT NOT NULL, fault VARCHAR "
    "NOT NULL, quotation INTEGER NOT NULL, at DATETIME NOT NULL, settled BOOLEAN NOT NULL, answer_digest VARCHAR "
    "NOT NULL, answer TEXT NOT NULL, UNIQUE (person, answer_digest, quotation, fault) )",
    "CREATE TABLE updates ( id INTEGER NOT NULL, received DATETIME NOT NULL, begun BOOLEAN NOT NULL, PRIMARY KEY (id) )",
    "CREATE TABLE feeds ( url VARCHAR NOT NULL, added DATETIME NOT NULL, title VARCHAR, site VARCHAR, folder "
    "VARCHAR, due DATETIME, asked DATETIME, read DATETIME, failures INTEGER NOT NULL, error VARCHAR NOT NULL, "
    "told BOOLEAN NOT NULL, ended BOOLEAN NOT NULL, etag VARCHAR, last_modified VARCHAR, every DATETIME, "
    "skip_hours JSON NOT NULL, skip_days JSON NOT NULL, gap DATETIME, newest DATETIME, interval DATETIME, "
    "PRIMARY KEY (url) )",
    "CREATE TABLE said_vectors ( said VARCHAR NOT NULL, digest VARCHAR NOT NULL, vector BLOB NOT NULL, PRIMARY KEY (said) )",
    "CREATE TABLE alerts ( id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, following BIGINT NOT NULL, chat BIGINT "
    "NOT NULL, thread BIGINT NOT NULL, person BIGINT NOT NULL, language VARCHAR NOT NULL, topic VARCHAR NOT "
    "NULL, mark VARCHAR NOT NULL, article VARCHAR NOT NULL, made DATETIME NOT NULL, due DATETIME NOT NULL, held "
    "BOOLEAN NOT NULL, lease VARCHAR, lease_until DATETIME, worker VARCHAR, sent DATETIME, message BIGINT, "
    "sources INTEGER NOT NULL, told INTEGER NOT NULL, why TEXT NOT NULL, answer TEXT NOT NULL, UNIQUE "
    "(following, mark) )",
    "CREATE TABLE resolutions ( article INTEGER NOT NULL, digest VARCHAR NOT NULL, PRIMARY KEY (article), "
    "FOREIGN KEY(article) REFERENCES articles (id) ON DELETE CASCADE )",
    "CREATE TABLE story_terms ( term VARCHAR NOT NULL, story INTEGER NOT NULL, weight FLOAT NOT NULL, PRIMARY "
    "KEY (term, story), FOREIGN KEY(story) REFERENCES stories (id) ON DELETE CASCADE ) WITHOUT ROWID",
    "CREATE TABLE placements ( article INTEGER NOT NULL, story INTEGER NOT NULL, original BIGINT, PRIMARY KEY "
    "(article), FOREIGN KEY(article) REFERENCES articles (id) ON DELETE CASCADE, FOREIGN KEY(story) REFERENCES "
    "stories (id) )",
    "CREATE TABLE text_runs ( run BIGINT NOT NULL, article INTEGER NOT NULL, PRIMARY KEY (run, article), FOREIGN "
    "KEY(article) REFERENCES articles (id) ON DELETE CASCADE ) WITHOUT ROWID",
    'CREATE TABLE waiting ( "update" INTEGER NOT NULL, chat BIGINT, person BIGINT, text TEXT NOT NULL, tries '
    'INTEGER NOT NULL, PRIMARY KEY ("update"), FOREIGN KEY("update") REFERENCES updates (id) ON DELETE CASCADE )',
    "CREATE TABLE pages ( address VARCHAR NOT NULL, feed VARCHAR, standing VARCHAR NOT NULL, due DATETIME, "
    "article VARCHAR, title VARCHAR, why VARCHAR NOT NULL, read DATETIME, looks INTEGER NOT NULL, failures "
    "INTEGER NOT NULL, etag VARCHAR, last_modified VARCHAR, told TEXT NOT NULL, PRIMARY KEY (address), FOREIGN "
    "KEY(feed) REFERENCES feeds (url) ON DELETE SET NULL ON UPDATE CASCADE )",
    "CREATE TABLE topic_vectors ( following INTEGER NOT NULL, digest VARCHAR NOT NULL, vector BLOB NOT NULL, "
    "PRIMARY KEY (following), FOREIGN KEY(following) REFERENCES followings (id) ON DELETE CASCADE )",
    "CREATE TABLE heard ( id INTEGER NOT NULL, following INTEGER NOT NULL, mark VARCHAR NOT NULL, side VARCHAR, "
    "speaker VARCHAR NOT NULL, stance VARCHAR NOT NULL, words TEXT NOT NULL, at DATETIME NOT NULL, outlet "
    "VARCHAR, url VARCHAR, alert BIGINT, said VARCHAR NOT NULL, PRIMARY KEY (id), UNIQUE (following, mark), "
    "FOREIGN KEY(following) REFERENCES followings (id) ON DELETE CASCADE )",
    "CREATE TABLE to_answer ( following INTEGER NOT NULL, PRIMARY KEY (following), FOREIGN KEY(following) "
    "REFERENCES followings (id) ON DELETE CASCADE )",
    'CREATE TABLE entries ( feed VARCHAR NOT NULL, "key" VARCHAR NOT NULL, digest VARCHAR NOT NULL, address '
    'VARCHAR NOT NULL, seen DATETIME NOT NULL, PRIMARY KEY (feed, "key"), FOREIGN KEY(feed) REFERENCES feeds '
    "(url) ON DELETE CASCADE ON UPDATE CASCADE, FOREIGN KEY(address) REFERENCES pages (address) ON DELETE "
    "CASCADE )",
    "CREATE INDEX ix_corrections_article ON corrections (article)",
    "CREATE INDEX cards_by_asker ON cards (asker, chat, thread, asked)",
    "CREATE INDEX cards_by_picture ON cards (chat, picture)",
    "CREATE INDEX cards_by_question ON cards (chat, question_message)",
    "CREATE INDEX cards_by_message ON cards (chat, message)",
    "CREATE INDEX ix_cards_asked ON cards (asked)",
    "CREATE INDEX ix_followings_person ON followings (person)",
    "CREATE INDEX ix_updates_received ON updates (received)",
    "CREATE INDEX ix_feeds_due ON feeds (due)",
    "CREATE INDEX ix_alerts_article ON alerts (article)",
    "CREATE INDEX alerts_by_message ON alerts (chat, message)",
    "CREATE INDEX alerts_of_chat ON alerts (chat, thread, sent)",
    "CREATE INDEX alerts_due ON alerts (sent, due)",
    "CREATE INDEX ix_story_terms_story ON story_terms (story)",
    "CREATE INDEX ix_placements_original ON placements (original)",
    "CREATE INDEX ix_placements_story ON placements (story)",
    "CREATE INDEX ix_text_runs_article ON text_runs (article)",
    "CREATE INDEX ix_pages_article ON pages (article)",
    "CREATE INDEX ix_pages_standing ON pages (standing)",
    "CREATE INDEX ix_pages_feed ON pages (feed)",
    "CREATE INDEX ix_pages_due ON pages (due)",
    "CREATE INDEX ix_heard_said ON heard (said)",
    "CREATE INDEX ix_entries_address ON entries (address)",
)
