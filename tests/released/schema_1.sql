CREATE TABLE meta ( "key" VARCHAR NOT NULL, value VARCHAR NOT NULL, PRIMARY KEY ("key") );
CREATE TABLE counters ( name VARCHAR NOT NULL, value BIGINT NOT NULL, PRIMARY KEY (name) );
CREATE TABLE articles ( id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "key" VARCHAR NOT NULL, digest VARCHAR NOT NULL, outlet VARCHAR, published DATETIME, url VARCHAR, title VARCHAR, author VARCHAR, language VARCHAR NOT NULL, text TEXT NOT NULL, UNIQUE ("key") );
CREATE TABLE removals ( id INTEGER NOT NULL, slot BIGINT NOT NULL, PRIMARY KEY (id) );
CREATE TABLE paragraphs ( id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, article INTEGER NOT NULL, position INTEGER NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL, FOREIGN KEY(article) REFERENCES articles (id) ON DELETE CASCADE );
CREATE TABLE claims ( id INTEGER NOT NULL, article INTEGER NOT NULL, position INTEGER NOT NULL, paragraphs JSON NOT NULL, source JSON NOT NULL, cue JSON NOT NULL, content JSON NOT NULL, attribution_confidence FLOAT NOT NULL, speaker VARCHAR NOT NULL, role VARCHAR NOT NULL, party VARCHAR, side VARCHAR, stance VARCHAR NOT NULL, confidence FLOAT NOT NULL, slot BIGINT NOT NULL, PRIMARY KEY (id), FOREIGN KEY(article) REFERENCES articles (id) ON DELETE CASCADE );
CREATE TABLE passages ( slot INTEGER NOT NULL, paragraph INTEGER NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL, PRIMARY KEY (slot), FOREIGN KEY(paragraph) REFERENCES paragraphs (id) ON DELETE CASCADE );
CREATE TABLE claim_paragraphs ( paragraph INTEGER NOT NULL, claim INTEGER NOT NULL, PRIMARY KEY (paragraph, claim), FOREIGN KEY(paragraph) REFERENCES paragraphs (id) ON DELETE CASCADE, FOREIGN KEY(claim) REFERENCES claims (id) ON DELETE CASCADE );
CREATE INDEX ix_articles_outlet ON articles (outlet);
CREATE INDEX ix_paragraphs_article ON paragraphs (article);
CREATE INDEX ix_claims_article ON claims (article);
CREATE INDEX ix_claims_side ON claims (side);
CREATE INDEX ix_passages_paragraph ON passages (paragraph);
CREATE INDEX ix_claim_paragraphs_claim ON claim_paragraphs (claim);
CREATE VIRTUAL TABLE passage_words USING fts5(text, content='', tokenize='porter unicode61 remove_diacritics 2');
CREATE VIRTUAL TABLE article_words USING fts5(text, content='', tokenize='porter unicode61 remove_diacritics 2');
INSERT INTO "meta" VALUES ('schema', '1');
INSERT INTO "meta" VALUES ('model', 'a-model');
INSERT INTO "meta" VALUES ('dimension', '96');
INSERT INTO "meta" VALUES ('digest', '0000000000000000000000000000000000000000000000000000000000000000');
INSERT INTO "meta" VALUES ('store', 'eccc0557a7de9e96');
INSERT INTO "counters" VALUES ('passages', 8);
INSERT INTO "counters" VALUES ('claims', 5);
INSERT INTO "counters" VALUES ('removals', 2);
INSERT INTO "articles" VALUES (1, 'harbour', 'aa1b799d2e3483e8348a7882c53c13dc1edd35373d50c443f74017505513fba9', 'Orsel Gazette', '2031-01-03 00:00:00.000000', 'https://gazette.example/harbour', 'Orsel’s harbour shut', 'Ada Brack', 'en', 'The harbour of Orsel is shut since the storm of Monday, and ferries lie idle at its quays.

Ferries lie idle ‘for good’, said Mira Tolk, who speaks for the Varn Republic, and nobody knows when they sail again.');
INSERT INTO "articles" VALUES (4, 'budget', '2553927b336cbc44c63be9e910ffadfc62d31ec284528d3df841b9881b07d94a', NULL, '2031-01-05 00:00:00.000000', NULL, NULL, NULL, 'en', 'The council passed its budget at last.

It had sat all night.');
INSERT INTO "articles" VALUES (5, 'wire', 'c525a685018d84849a4fc4a7bd1b03d44552c538da416875fcefae87c6ebf6a2', 'Harbour Post', '2031-01-03 00:00:00.000000', NULL, 'Orsel’s harbour shut', NULL, 'en', 'The harbour of Orsel is shut since the storm of Monday, and ferries lie idle at its quays.

Ferries lie idle ‘for good’, said Mira Tolk, who speaks for the Varn Republic, and nobody knows when they sail again.');
INSERT INTO "sqlite_sequence" VALUES ('articles', 5);
INSERT INTO "sqlite_sequence" VALUES ('paragraphs', 8);
INSERT INTO "removals" VALUES (0, 2);
INSERT INTO "removals" VALUES (1, 3);
INSERT INTO "paragraphs" VALUES (1, 1, 0, 0, 90);
INSERT INTO "paragraphs" VALUES (2, 1, 1, 92, 209);
INSERT INTO "paragraphs" VALUES (5, 4, 0, 0, 38);
INSERT INTO "paragraphs" VALUES (6, 4, 1, 40, 61);
INSERT INTO "paragraphs" VALUES (7, 5, 0, 0, 90);
INSERT INTO "paragraphs" VALUES (8, 5, 1, 92, 209);
INSERT INTO "claims" VALUES (1, 1, 0, '[0]', '[[0, 1]]', '[]', '[[4, 7], [8, 14]]', 0.75, 'Mira Tolk', 'spokeswoman', 'Varn Republic', 'Varn Republic', 'denies', 0.5, 0);
INSERT INTO "claims" VALUES (2, 1, 1, '[1]', '[[0, 1]]', '[]', '[[92, 95], [96, 103]]', 0.75, 'Bren Osk', 'spokeswoman', 'Varn Republic', 'Varn Republic', 'denies', 0.5, 1);
INSERT INTO "claims" VALUES (4, 4, 0, '[1]', '[[0, 1]]', '[]', '[[40, 43], [44, 46]]', 0.75, 'Mira Tolk', 'spokeswoman', 'Varn Republic', 'Varn Republic', 'denies', 0.5, 3);
INSERT INTO "claims" VALUES (5, 5, 0, '[0]', '[[0, 1]]', '[]', '[[4, 7], [8, 14]]', 0.75, 'Mira Tolk', 'spokeswoman', 'Varn Republic', 'Varn Republic', 'denies', 0.5, 4);
INSERT INTO "passages" VALUES (0, 1, 0, 90);
INSERT INTO "passages" VALUES (1, 2, 92, 209);
INSERT INTO "passages" VALUES (4, 5, 0, 38);
INSERT INTO "passages" VALUES (5, 6, 40, 61);
INSERT INTO "passages" VALUES (6, 7, 0, 90);
INSERT INTO "passages" VALUES (7, 8, 92, 209);
INSERT INTO "claim_paragraphs" VALUES (1, 1);
INSERT INTO "claim_paragraphs" VALUES (2, 2);
INSERT INTO "claim_paragraphs" VALUES (6, 4);
INSERT INTO "claim_paragraphs" VALUES (7, 5);
INSERT INTO article_words (rowid, text) SELECT id, iif(title IS NULL, text, title || char(10, 10) || text) FROM articles;
INSERT INTO passage_words (rowid, text) SELECT passages.slot, substr(articles.text, passages.start + 1, passages."end" - passages.start) FROM passages JOIN paragraphs ON paragraphs.id = passages.paragraph JOIN articles ON articles.id = paragraphs.article;
