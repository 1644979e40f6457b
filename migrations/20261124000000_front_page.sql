-- The front page's content: posts with their pictures, and each year's plan with its areas and commitments.
--
-- One text for SQLite and PostgreSQL: only text, integer, bigint and bytea, and no generated keys.
-- Bodies are kept as the Markdown that an editor wrote: export loses nothing, and HTML is never older than its renderer.

create table pictures (
    -- The first 16 hexadecimal digits of the SHA-256 of bytes: the picture's address, so that it never changes under it.
    hash text not null constraint pictures_pkey primary key,
    media_type text not null,
    width integer not null,
    height integer not null,
    bytes bytea not null
);

create table posts (
    -- Grows with each new post; breaks ties between posts of the same second.
    id bigint not null constraint posts_pkey primary key,
    lang text not null,
    slug text not null,
    title text not null,
    summary text not null,
    -- Seconds since 1970 in UTC.
    published_at bigint not null,
    body_markdown text not null,
    picture_hash text constraint posts_picture_hash_fkey references pictures (hash),
    picture_file text,
    -- Null where there is a picture: it is decorative.
    picture_alt text,
    constraint posts_lang_slug_key unique (lang, slug)
);

-- Lists are read newest first, a language at a time.
create index posts_newest on posts (lang, published_at desc, id desc);

create table plans (
    lang text not null,
    year integer not null,
    title text not null,
    headline text not null,
    summary text not null,
    body_markdown text not null,
    constraint plans_pkey primary key (lang, year)
);

create table plan_areas (
    lang text not null,
    year integer not null,
    position integer not null,
    slug text not null,
    title text not null,
    summary text not null,
    constraint plan_areas_pkey primary key (lang, year, slug),
    constraint plan_areas_plan_fkey foreign key (lang, year) references plans (lang, year)
);

create table commitments (
    lang text not null,
    year integer not null,
    area text not null,
    position integer not null,
    slug text not null,
    title text not null,
    -- What is counted, as it reads on from a number: '40 community networks supported'.
    unit text not null,
    baseline bigint not null,
    target bigint not null,
    current bigint not null,
    -- The day on which current was counted, as YYYY-MM-DD.
    as_of text not null,
    evidence_title text not null,
    evidence_url text not null,
    constraint commitments_pkey primary key (lang, year, slug),
    constraint commitments_area_fkey foreign key (lang, year, area) references plan_areas (lang, year, slug)
);
