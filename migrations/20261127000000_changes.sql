-- What was changed in which order, so that every machine drops the finished pages that show it, and no others.

create table changes (
    -- Grows by one with each change. Only the last ones are kept: who has missed more drops everything.
    id bigint not null constraint changes_pkey primary key,
    -- What changed, such as posts or documents/topics/access; everything for everything.
    subject text not null,
    -- Within a list, the place of the post that changed: only pages of the list that have this place show it.
    published_at bigint,
    post_id bigint
);
