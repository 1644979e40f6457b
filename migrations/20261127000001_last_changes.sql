-- When the last of a list's posts changed, so that a sitemap of a million posts reads some hundred rows and not all posts.

create table last_changes (
    -- posts, topics, authors, periods, shards: which kind of list.
    kind text not null,
    -- Which one: a slug, a year or month, the number of a shard; nothing for all posts.
    name text not null,
    -- Seconds since 1970 in UTC. Taking a post out of a list does not take this back.
    changed_at bigint not null,
    constraint last_changes_pkey primary key (kind, name)
);
