-- Everything behind the front page: translations, topics, authors, pages, old addresses, values in time.
--
-- A post, plan or document is one row in its original language. A translation is a row beside it and has only words: what
-- is not translated is read from the original, and figures, dates and pictures exist once.

-- The post's name in feeds: the slug that it had first. It stays when the slug changes.
alter table posts add column uid text not null default '';
update posts set uid = slug;
alter table posts add column author text;
-- Seconds since 1970 in UTC; null where the post was not changed after its publication.
alter table posts add column updated_at bigint;
create unique index posts_uid_key on posts (uid);
-- A slug is one post's, whatever its language.
create unique index posts_slug_key on posts (slug);

-- Lists show every post in every language, so that only the date orders them.
drop index posts_newest;
create index posts_by_date on posts (published_at desc, id desc);
create index posts_by_author on posts (author, published_at desc, id desc);

create table post_translations (
    post_id bigint not null constraint post_translations_post_id_fkey references posts (id),
    lang text not null,
    title text not null,
    summary text not null,
    picture_alt text,
    -- Null where only title and summary are translated.
    body_markdown text,
    -- The revision of the original that it was made from.
    made_from text not null,
    constraint post_translations_pkey primary key (post_id, lang)
);

create table post_topics (
    post_id bigint not null constraint post_topics_post_id_fkey references posts (id),
    position integer not null,
    topic text not null,
    -- The post's own, so that a topic's list is read from one index.
    published_at bigint not null,
    constraint post_topics_pkey primary key (post_id, topic)
);
create index post_topics_by_date on post_topics (topic, published_at desc, post_id desc);

-- The commitments that a post reports on.
create table post_commitments (
    post_id bigint not null constraint post_commitments_post_id_fkey references posts (id),
    position integer not null,
    year integer not null,
    commitment text not null,
    constraint post_commitments_pkey primary key (post_id, year, commitment)
);
create index post_commitments_by_commitment on post_commitments (year, commitment);

-- The pictures within a post's text, by the names that the text uses.
create table post_pictures (
    post_id bigint not null constraint post_pictures_post_id_fkey references posts (id),
    file text not null,
    hash text not null constraint post_pictures_hash_fkey references pictures (hash),
    constraint post_pictures_pkey primary key (post_id, file)
);

-- What a reader of a post may want next, computed when it is published.
create table post_relations (
    post_id bigint not null constraint post_relations_post_id_fkey references posts (id),
    position integer not null,
    related_id bigint not null constraint post_relations_related_id_fkey references posts (id),
    constraint post_relations_pkey primary key (post_id, position)
);
create index post_relations_by_related on post_relations (related_id);

-- Addresses that posts had before: those that an editor names, and those of earlier slugs. They never go away.
create table post_addresses (
    path text not null constraint post_addresses_pkey primary key,
    slug text not null
);
create index post_addresses_by_slug on post_addresses (slug);

-- Posts that were removed, so that their addresses say so.
create table removed_posts (
    slug text not null constraint removed_posts_pkey primary key,
    -- The day, as YYYY-MM-DD.
    removed_on text not null
);

-- Topics, authors and the organisation's own pages: a title, a summary, perhaps a text.
create table documents (
    kind text not null,
    slug text not null,
    lang text not null,
    title text not null,
    summary text not null,
    body_markdown text not null,
    constraint documents_pkey primary key (kind, slug)
);

create table document_translations (
    kind text not null,
    slug text not null,
    lang text not null,
    title text not null,
    summary text not null,
    body_markdown text,
    made_from text not null,
    constraint document_translations_pkey primary key (kind, slug, lang),
    constraint document_translations_document_fkey foreign key (kind, slug) references documents (kind, slug)
);

create unique index plans_year_key on plans (year);

create table plan_translations (
    year integer not null,
    lang text not null,
    title text not null,
    headline text not null,
    summary text not null,
    -- The words of the areas and their commitments as JSON, as they are always read together; null where they are not
    -- translated.
    areas text,
    body_markdown text,
    made_from text not null,
    constraint plan_translations_pkey primary key (year, lang)
);

-- Where a commitment stood on which day.
create table commitment_values (
    lang text not null,
    year integer not null,
    commitment text not null,
    -- The day, as YYYY-MM-DD.
    as_of text not null,
    value bigint not null,
    constraint commitment_values_pkey primary key (lang, year, commitment, as_of),
    constraint commitment_values_commitment_fkey foreign key (lang, year, commitment)
        references commitments (lang, year, slug)
);
insert into commitment_values (lang, year, commitment, as_of, value)
select lang, year, slug, as_of, current from commitments;
alter table commitments drop column current;
alter table commitments drop column as_of;
