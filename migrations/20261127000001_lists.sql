-- The lists that have posts, and when the last of each one's posts changed: what a sitemap or a choice of years would have to
-- read all posts for.

create table lists (
    -- posts, topics, authors, periods, shards: which kind of list.
    kind text not null,
    -- Which one: a slug, a year or month, the number of a shard of the sitemap; nothing for all posts.
    name text not null,
    -- Seconds since 1970 in UTC. Taking a post out of a list does not take this back.
    changed_at bigint not null,
    constraint lists_pkey primary key (kind, name)
);
